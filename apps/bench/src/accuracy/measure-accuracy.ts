import { loadGpt2 } from '@eim/llm-gpt2';
import { type LlamaOptionsInput, loadLlama } from '@eim/llm-llama';
import type { AccuracyRow } from './accuracy-table.js';
import { clipResnetAccuracy, clipVitAccuracy } from './clip-accuracy.js';
import { convolutionalAccuracy } from './convolutional-accuracy.js';
import { type LanguageModelCase, languageModelAccuracy } from './language-model-accuracy.js';

/** Sizes of the fixture that Meta's `params.json` does not tell: the factors of LLaMA 3.1's positions. */
const META_LLAMA: LlamaOptionsInput = {
  hiddenSize: 32,
  blockCount: 2,
  headCount: 4,
  keyValueHeadCount: 2,
  feedForwardSize: 48,
  contextLength: 512,
  vocabularySize: 64,
  specialTokens: { begin: 1, end: 2, pad: 0 },
  normEpsilon: 1e-5,
  ropeScaling: {
    type: 'llama3',
    factor: 8,
    lowFrequencyFactor: 1,
    highFrequencyFactor: 4,
    originalContextLength: 64,
  },
};

const LLAMA = {
  model: 'LLaMA 3.1, grouped heads',
  original: 'transformers',
  packageFolder: 'llm-llama',
} as const;
const GPT2 = { model: 'GPT-2', original: 'transformers', packageFolder: 'llm-gpt2' } as const;

const LANGUAGE_MODELS: readonly LanguageModelCase[] = [
  {
    ...LLAMA,
    files: 'Hugging Face’s folder, 2 shards',
    path: 'hugging-face',
    load: (weights) => loadLlama(weights),
  },
  {
    ...LLAMA,
    files: 'Meta’s `.pth`, 2 shards',
    path: 'meta',
    load: (weights) => loadLlama(weights, {}, META_LLAMA),
  },
  { ...LLAMA, files: 'GGUF', path: 'llama.gguf', load: (weights) => loadLlama(weights) },
  { ...GPT2, files: 'Hugging Face’s folder', path: 'hugging-face', load: (weights) => loadGpt2(weights) },
  {
    ...GPT2,
    files: 'ClipCap’s checkpoint',
    path: 'clipcap.pt',
    // without a config.json the heads would be 64 wide, as in all published sizes
    load: (weights) => loadGpt2({ ...weights, config: { n_head: 4 } }),
  },
];

/** Every family on the engine that runs. */
export async function measureAccuracy(): Promise<AccuracyRow[]> {
  const rows: AccuracyRow[] = [];
  for (const kind of ['openai-vit', 'open-clip', 'hugging-face'] as const) {
    rows.push(await clipVitAccuracy(kind));
  }
  rows.push(await clipResnetAccuracy(), ...(await convolutionalAccuracy()));
  for (const test of LANGUAGE_MODELS) rows.push(await languageModelAccuracy(test));
  return rows;
}
