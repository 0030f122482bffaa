import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The smallest model that all parts agree to: it trains in seconds and learns next to nothing. */
export const TINY_MODEL = `model:
  tokenizer: { use: byte-bpe, vocabularySize: 300 }
  encoder:
    use: '@eim/encoder-clip/vit'
    options: { imageSize: 32, patchSize: 16, width: 16, blockCount: 1, headCount: 2, feedForwardSize: 32, pooledSize: 16 }
  st: { use: '@eim/st-adapters/linear', preset: tokens }
  llm:
    use: '@eim/llm-gpt2'
    options: { hiddenSize: 16, blockCount: 1, headCount: 2, feedForwardSize: 32, contextLength: 96 }
`;

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
