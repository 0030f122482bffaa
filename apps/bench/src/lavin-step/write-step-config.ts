import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Rows of a batch of LaVIN's recipe. It adds eight of them up to a step; here each is one. */
export const ROWS = 4;
const WORDS = 60;
const QUESTIONS = 64;

/**
 * Writes a config that trains LaVIN's router adapters on SmolLM2, and questions whose prompts and answers are equally long.
 * @param scenes a folder that `eim data scenes --layout chat` wrote, whose pictures are shown
 * @returns path of the config
 */
export function writeStepConfig(scenes: string): string {
  const words = 'the '.repeat(WORDS).trim();
  const messages = [
    { role: 'user', content: words },
    { role: 'assistant', content: words },
  ];
  const row = (split: string) => (_: unknown, index: number) =>
    JSON.stringify({ id: `${index}`, image: `${split}-${index + 1}.png`, messages });
  for (const [split, length] of [
    ['train', QUESTIONS],
    ['val', 8],
  ] as const) {
    writeFileSync(join(scenes, `${split}.jsonl`), `${Array.from({ length }, row(split)).join('\n')}\n`);
  }
  const config = join(scenes, 'lavin.json');
  const model = {
    tokenizer: { use: 'llm' },
    encoder: { use: '@eim/encoder-efficientnet', weights: 'efficientnet-lite0' },
    st: { use: '@eim/st-adapters/lavin', preset: 'mean' },
    llm: { use: '@eim/llm-llama', weights: 'smollm2-135m-instruct' },
  };
  const plan = { preset: 'lavin', steps: 20, batchSize: ROWS, segments: { joint: { accumulate: 1 } } };
  const training = { seed: 1, maxTextLength: 256 };
  writeFileSync(config, JSON.stringify({ model, data: { use: 'questions', path: scenes }, plan, training }));
  return config;
}
