import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TINY_MODEL } from '../../../tools/lib/tiny-model.mjs';

export { TINY_MODEL };

export const TINY_SCENES = 'data: { use: scenes, seed: 3, train: 24, val: 8, test: 6 }\n';

const STEPS = `training: { seed: 5, checkpointEvery: 2, maxTextLength: 60 }
evaluation: { maxNewTokens: 12 }
`;

/** Writes a tiny config. @returns its path */
export function writeTinyConfig(
  folder: string,
  { plan = '{ preset: plain, steps: 6, batchSize: 4 }', data = TINY_SCENES, name = 'tiny' } = {},
): string {
  const path = join(folder, `${name}.yaml`);
  writeFileSync(path, `${TINY_MODEL}${data}plan: ${plan}\n${STEPS}`);
  return path;
}
