import type { ComputeMode } from '@eim/contracts/model';
import { argumentError } from '@eim/runs/arguments';

/** The value of --compute. @throws EimError `invalid-argument` for another word */
export function parseCompute(word: string | undefined): ComputeMode | undefined {
  if (word === undefined || word === 'exact' || word === 'fast') return word;
  throw argumentError(`--compute is ${JSON.stringify(word)}.`, 'Write exact or fast.');
}
