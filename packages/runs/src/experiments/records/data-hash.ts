import { createHash } from 'node:crypto';
import type { Dataset } from '@eim/contracts';

/** A hash of all rows of a data set, of their pictures' fingerprints and of the splits that they are in. */
export function dataHash(dataset: Dataset): string {
  const hash = createHash('sha256');
  for (const split of dataset.splits) {
    hash.update(`${JSON.stringify(split)}\n`);
    for (const { id, picture, prompt, answers, choices, earlier, system } of dataset.split(split)) {
      const values = [id, picture?.fingerprint ?? null, prompt, answers, choices ?? null, earlier ?? null];
      hash.update(`${JSON.stringify([...values, system ?? null])}\n`);
    }
  }
  return hash.digest('hex').slice(0, 16);
}
