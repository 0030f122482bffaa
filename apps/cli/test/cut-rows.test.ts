import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratchFolder } from './run-eim.js';
import { runInProcess } from './run-in-process.js';

const folder = scratchFolder();

test.each([
  ['some rows keep a part of their answers', 14],
  ['no row has anything to predict', 6],
])('rows cut behind their greatest length are trained on where %s', async (_, longest) => {
  const rows = Array.from({ length: 12 }, (_row, index) => ({
    question: `${'why '.repeat(1 + (index % 4))}?`,
    answer: 'because',
    split: index < 8 ? 'train' : 'test',
  }));
  writeFileSync(join(folder, 'rows.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const config = join(folder, `cut-${longest}.yaml`);
  writeFileSync(
    config,
    `model:
  tokenizer: { use: byte-bpe, vocabularySize: 260 }
  encoder: { use: '@eim/encoder-mobilenet', preset: tiny }
  st: { use: '@eim/st-adapters/lavin', preset: mean, options: { projectionSize: 8 } }
  llm:
    use: '@eim/llm-llama'
    options: { hiddenSize: 16, blockCount: 1, headCount: 2, feedForwardSize: 32, contextLength: 96 }
data: { use: questions, path: rows.jsonl, validationShare: 0 }
plan: { preset: lavin, steps: 2, batchSize: 4, learningRate: 0.01, warmupSteps: 1 }
training: { seed: 5, maxTextLength: ${longest}, cutRows: end }
evaluation: { maxNewTokens: 2 }
`,
  );
  const { code, err } = await runInProcess(
    ['train', config, '--out', join(folder, `run-${longest}`)],
    folder,
  );
  expect(code, err).toBe(0);
});
