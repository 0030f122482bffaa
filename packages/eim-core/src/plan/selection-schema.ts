import { z } from 'zod';
import { namePatternsSchema } from './name-patterns-schema.js';

/** `n` blocks, or a share of a part's blocks such as `25%`, rounded up. */
const blocksSchema = z.union(
  [z.int().min(1), z.string().regex(/^([1-9]\d?|100)%$/, { error: "must be a share such as '25%'" })],
  { error: "must be a whole number of at least 1, or a share such as '25%'" },
);

const namesSchema = z.strictObject({
  /** Every name has to find something. */
  names: namePatternsSchema,
  /** Those among them that do not learn. */
  except: namePatternsSchema.optional(),
});

/** An update of low rank, in place of one of every value. */
const lowRankSchema = z.strictObject({
  /** r: columns of A and rows of B. */
  rank: z.int().min(1),
  /** The update counts alpha / rank times. Absent: rank, which is once. */
  alpha: z.number().gt(0).optional(),
  /** Which weights of two dimensions. Absent: all that stand in the part's blocks. */
  names: namePatternsSchema.optional(),
  /** Those among them that do not learn. */
  except: namePatternsSchema.optional(),
});

const ROLES = ['norms', 'biases', 'norms-and-biases', 'adapters'] as const;

const choiceSchema = z.union([
  z.enum(['full', ...ROLES]),
  z.strictObject({ lastBlocks: blocksSchema }),
  z.strictObject({ firstBlocks: blocksSchema }),
  namesSchema,
  z.strictObject({ lora: lowRankSchema }),
]);

/** One text for all alternatives, so that a mistake gives one message, not one for each of them. */
const error = `must be 'frozen', 'full', ${ROLES.map((role) => `'${role}'`).join(', ')}, {lastBlocks: n}, {firstBlocks: n}, {names: [...], except: [...]}, {lora: {rank: r, alpha: a, names: [...], except: [...]}}, or a list of these without 'frozen'`;

/**
 * Which parameters of a part learn.
 * - `full`: all. `frozen`: none.
 * - `norms`, `biases`, `norms-and-biases`: those of role `norm`, of role `bias`, of either.
 * - `adapters`: those of role `adapter` and `gate`.
 * - `lastBlocks: n`: the last n blocks and everything after them; `firstBlocks: n`: the first n blocks and everything before
 *   them. Instead of a number, `25%` is a share of the part's blocks, rounded up.
 * - `names`: those that are named, but for those named by `except`.
 * - `lora`: weights `[in, out]` of the part's blocks, or those named, each by an update of low rank (Hu et al. 2021): instead
 *   of the weight, A `[in, rank]` and B `[rank, out]` learn, of which `alpha / rank * A B` is added to it.
 * - a list of these: all that any of them finds.
 */
export const selectionSchema = z.union(
  [z.literal('frozen'), choiceSchema, z.array(choiceSchema, { error }).min(1, { error }).readonly()],
  { error },
);

export type LowRank = z.output<typeof lowRankSchema>;
/** What may stand in a list of a {@link Selection}. */
export type SelectionChoice = z.output<typeof choiceSchema>;
export type Selection = z.output<typeof selectionSchema>;
