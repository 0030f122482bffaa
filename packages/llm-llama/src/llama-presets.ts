import type { LlamaOptionsInput } from './llama-options.js';

const common = {
  tiedHead: false,
  embeddingDropout: 0,
  attentionDropout: 0,
  residualDropout: 0,
  initialStandardDeviation: 0.02,
} as const;

/** LLaMA 1 (Touvron et al. 2023a, table 2) and 2 (2023b), with SentencePiece's 32,000 ids. */
const first = (
  contextLength: number,
  normEpsilon: number,
  hiddenSize: number,
  blockCount: number,
  feedForwardSize: number,
  keyValueHeadCount: number = hiddenSize / 128,
): LlamaOptionsInput => ({
  ...common,
  hiddenSize,
  blockCount,
  headCount: hiddenSize / 128,
  keyValueHeadCount,
  feedForwardSize,
  contextLength,
  vocabularySize: 32000,
  specialTokens: { begin: 1, end: 2, pad: 2 },
  normEpsilon,
  ropeBase: 10000,
});

/** LLaMA 3 (Dubey et al. 2024, table 3) and its later releases, with 128,256 ids. */
const third = (
  hiddenSize: number,
  blockCount: number,
  headCount: number,
  feedForwardSize: number,
  contextLength: number,
): LlamaOptionsInput => ({
  ...common,
  hiddenSize,
  blockCount,
  headCount,
  keyValueHeadCount: 8,
  feedForwardSize,
  contextLength,
  vocabularySize: 128256,
  specialTokens: { begin: 128000, end: 128001, pad: 128001 },
  stopTokens: [128001, 128008, 128009],
  normEpsilon: 1e-5,
  ropeBase: 500000,
});

const scaling = (factor: number): LlamaOptionsInput['ropeScaling'] => ({
  type: 'llama3',
  factor,
  lowFrequencyFactor: 1,
  highFrequencyFactor: 4,
  originalContextLength: 8192,
});

/** Published sizes, and a small one to train from scratch, whose vocabulary is the tokenizer's. */
export const llamaPresets = {
  tiny: {
    ...common,
    hiddenSize: 128,
    blockCount: 3,
    headCount: 4,
    keyValueHeadCount: 2,
    feedForwardSize: 352,
    contextLength: 128,
    normEpsilon: 1e-5,
    ropeBase: 10000,
  },
  '7b': first(2048, 1e-6, 4096, 32, 11008),
  '13b': first(2048, 1e-6, 5120, 40, 13824),
  'llama2-7b': first(4096, 1e-5, 4096, 32, 11008),
  'llama2-13b': first(4096, 1e-5, 5120, 40, 13824),
  'llama2-70b': first(4096, 1e-5, 8192, 80, 28672, 8),
  'llama3-8b': third(4096, 32, 32, 14336, 8192),
  'llama3-70b': third(8192, 80, 64, 28672, 8192),
  'llama3.1-8b': { ...third(4096, 32, 32, 14336, 131072), ropeScaling: scaling(8) },
  'llama3.1-70b': { ...third(8192, 80, 64, 28672, 131072), ropeScaling: scaling(8) },
  'llama3.2-1b': { ...third(2048, 16, 32, 8192, 131072), ropeScaling: scaling(32), tiedHead: true },
  'llama3.2-3b': { ...third(3072, 28, 24, 8192, 131072), ropeScaling: scaling(32), tiedHead: true },
} as const satisfies Record<string, LlamaOptionsInput>;
