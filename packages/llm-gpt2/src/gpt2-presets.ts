import type { Gpt2OptionsInput } from './gpt2-options.js';

const published = (hiddenSize: number, blockCount: number): Gpt2OptionsInput => ({
  hiddenSize,
  blockCount,
  headCount: hiddenSize / 64, // 25 heads for xl
  feedForwardSize: 4 * hiddenSize,
  contextLength: 1024,
  vocabularySize: 50257,
  specialTokens: { end: 50256, pad: 50256 },
  normEpsilon: 1e-5,
  embeddingDropout: 0,
  attentionDropout: 0,
  residualDropout: 0,
  initialStandardDeviation: 0.02,
});

const fromScratch = (
  hiddenSize: number,
  blockCount: number,
  headCount: number,
  contextLength: number,
): Gpt2OptionsInput => ({
  hiddenSize,
  blockCount,
  headCount,
  feedForwardSize: 4 * hiddenSize,
  contextLength,
  normEpsilon: 1e-5,
  embeddingDropout: 0,
  attentionDropout: 0,
  residualDropout: 0,
  initialStandardDeviation: 0.02,
});

/** Published sizes, and small ones to train from scratch, whose vocabulary is the tokenizer's. */
export const gpt2Presets = {
  tiny: fromScratch(128, 3, 4, 128),
  'small-scratch': fromScratch(256, 4, 8, 256),
  'medium-scratch': fromScratch(384, 6, 6, 256),
  gpt2: published(768, 12),
  'gpt2-medium': published(1024, 24),
  'gpt2-large': published(1280, 36),
  'gpt2-xl': published(1600, 48),
} as const satisfies Record<string, Gpt2OptionsInput>;
