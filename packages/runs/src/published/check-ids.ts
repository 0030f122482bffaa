import type { LanguageModelShape } from '@eim/contracts/model';
import { argumentError } from '../arguments/argument-error.js';

/** @throws EimError `invalid-argument` where an id is none of the model's, or they do not fit into its context */
export function checkIds(ids: readonly number[], model: LanguageModelShape): void {
  const unknown = ids.find((id) => id >= model.vocabularySize);
  if (unknown !== undefined) {
    throw argumentError(
      `The id ${unknown} is beyond the model's vocabulary of ${model.vocabularySize}.`,
      `Ids go from 0 to ${model.vocabularySize - 1}.`,
    );
  }
  if (ids.length > model.contextLength) {
    throw argumentError(
      `${ids.length} tokens do not fit into the model's context of ${model.contextLength}.`,
      'Give fewer.',
    );
  }
}
