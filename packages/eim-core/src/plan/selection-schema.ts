import { z } from 'zod';

/**
 * Which parameters of a part learn.
 * `full`: all. `frozen`: none. `norms-and-biases`: those of role `norm` and `bias`. `adapters`: those of
 * role `adapter` and `gate`. `lastBlocks: n`: the last n blocks and everything after them.
 */
export type Selection = 'full' | 'frozen' | 'norms-and-biases' | 'adapters' | { readonly lastBlocks: number };

const NAMED_SELECTIONS: readonly unknown[] = ['full', 'frozen', 'norms-and-biases', 'adapters'];

const isSelection = (value: unknown): value is Selection => {
  if (NAMED_SELECTIONS.includes(value)) return true;
  if (typeof value !== 'object' || value === null) return false;
  const { lastBlocks } = value as { lastBlocks?: unknown };
  return Object.keys(value).length === 1 && Number.isInteger(lastBlocks) && (lastBlocks as number) > 0;
};

/** A single check instead of a union, so that a mistake gives one message, not one for each alternative. */
export const selectionSchema = z.custom<Selection>(isSelection, {
  error: "must be 'full', 'frozen', 'norms-and-biases', 'adapters' or {lastBlocks: n} with n at least 1",
});
