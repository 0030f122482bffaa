import type { LanguageModelShape } from '@eim/contracts/model';
import { usageError } from '../command/usage-error.js';

/**
 * Token ids as `1,2,3`.
 * @throws EimError `invalid-argument` for anything else
 */
export function parseIds(text: string): number[] {
  const ids = text.split(',').map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : Number.NaN));
  if (ids.every(Number.isSafeInteger)) return ids;
  throw usageError(`--ids takes token ids, got "${text}".`, 'Write them with commas: --ids 1,2,3.');
}

/** @throws EimError `invalid-argument` where an id is none of the model's, or they do not fit into its context */
export function checkIds(ids: readonly number[], model: LanguageModelShape): void {
  const unknown = ids.find((id) => id >= model.vocabularySize);
  if (unknown !== undefined) {
    throw usageError(
      `The id ${unknown} is beyond the model's vocabulary of ${model.vocabularySize}.`,
      `Ids go from 0 to ${model.vocabularySize - 1}.`,
    );
  }
  if (ids.length > model.contextLength) {
    throw usageError(
      `${ids.length} tokens do not fit into the model's context of ${model.contextLength}.`,
      'Give fewer.',
    );
  }
}
