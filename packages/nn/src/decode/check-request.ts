import { EimError } from '@eim/contracts';
import type { GenerateRequest } from '@eim/contracts/model';

const CHECKS: readonly [field: keyof GenerateRequest, rule: string, holds: (value: number) => boolean][] = [
  ['maxNewTokens', 'an integer of at least 1', (value) => Number.isInteger(value) && value >= 1],
  ['temperature', 'at least 0', (value) => value >= 0],
  ['topK', 'an integer of at least 1', (value) => Number.isInteger(value) && value >= 1],
  ['topP', 'above 0 and at most 1', (value) => value > 0 && value <= 1],
  ['repetitionPenalty', 'above 0', (value) => value > 0],
  ['beams', 'an integer of at least 1', (value) => Number.isInteger(value) && value >= 1],
  ['lengthPenalty', 'a finite number', (value) => Number.isFinite(value)],
];

const invalid = (message: string, advice: string, data: Record<string, unknown>): EimError =>
  new EimError({ code: 'invalid-argument', message, advice, data });

/** @throws EimError `invalid-argument` for a request that cannot be carried out */
export function checkRequest(request: GenerateRequest): void {
  for (const [field, rule, holds] of CHECKS) {
    const value = request[field] as number | undefined;
    if (value !== undefined && !holds(value)) {
      throw invalid(`generate: ${field} is ${value}; it must be ${rule}.`, `Change ${field}.`, {
        field,
        value,
      });
    }
  }
  const { promptIds, embeddings } = request;
  if (promptIds !== undefined && promptIds.length !== embeddings.shape[0]) {
    throw invalid(
      `generate: promptIds has ${promptIds.length} rows and the embeddings ${embeddings.shape[0]}.`,
      'Give the ids of every row, or leave promptIds out.',
      { rows: promptIds.length },
    );
  }
  const { temperature = 0, beams = 1, random } = request;
  if (temperature > 0 && beams > 1) {
    throw invalid(
      `generate: beam search (beams ${beams}) cannot be combined with a temperature of ${temperature}.`,
      'Set temperature to 0, or beams to 1.',
      { temperature, beams },
    );
  }
  if (temperature > 0 && random === undefined) {
    throw invalid(
      `generate: sampling at temperature ${temperature} needs a random stream.`,
      'Pass `random`, for instance createRandomStream(1) of @eim/engine.',
      { temperature },
    );
  }
}
