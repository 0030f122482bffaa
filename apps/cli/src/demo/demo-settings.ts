/** A config as its file would hold it. */
export type ConfigDocument = Readonly<Record<string, unknown>>;

/** Small enough to train twice in under three minutes on two cores. */
const SCENES = {
  model: {
    tokenizer: { use: 'byte-bpe', vocabularySize: 400 },
    encoder: {
      use: '@eim/encoder-clip',
      preset: 'tiny',
      options: { width: 96, feedForwardSize: 384, pooledSize: 96 },
    },
    st: { use: '@eim/st-adapters/linear', preset: 'tokens' },
    llm: {
      use: '@eim/llm-gpt2',
      preset: 'tiny',
      options: { hiddenSize: 96, blockCount: 2, feedForwardSize: 384, contextLength: 64 },
    },
  },
  data: {
    train: 1500,
    val: 60,
    test: 150,
    difficulty: { objects: [1, 2], colours: 5, shapes: 3, noise: 0.02 },
  },
  training: { maxTextLength: 24 },
  plan: { batchSize: 24, learningRate: 1e-3 },
  steps: 360,
};

/** For real pictures: more pixels, a larger vocabulary, more steps. */
const PICTURES = {
  model: {
    tokenizer: { use: 'byte-bpe', vocabularySize: 1000 },
    encoder: { use: '@eim/encoder-clip', preset: 'small', options: { patchSize: 16, blockCount: 4 } },
    st: { use: '@eim/st-adapters/linear', preset: 'tokens' },
    llm: { use: '@eim/llm-gpt2', preset: 'small-scratch', options: { blockCount: 3, residualDropout: 0.1 } },
  },
  training: { maxTextLength: 32 },
  plan: { batchSize: 32, learningRate: 1e-3, weightDecay: 0.05 },
  steps: 1600,
};

export interface DemoSettings {
  /** Absent: the generated scenes. */
  readonly data: string | undefined;
  readonly seed: number;
  /** Of the eim plan. Absent: as many as the demo is made for. */
  readonly steps: number | undefined;
}

/** The two configs of a demo: the same but for their plans. `plain` gets its steps once costs are known. */
export function demoConfigs({ data, seed, steps }: DemoSettings): Record<'plain' | 'eim', ConfigDocument> {
  const base = data === undefined ? SCENES : PICTURES;
  const shared = {
    model: base.model,
    data: data === undefined ? { use: 'scenes', seed, ...SCENES.data } : { use: 'captions', path: data },
    training: { seed, ...base.training },
    evaluation: { split: 'test', maxNewTokens: base.training.maxTextLength },
  };
  const length = steps ?? base.steps;
  const config = (preset: 'plain' | 'eim') => ({
    name: preset,
    ...shared,
    plan: { preset, steps: length, ...base.plan },
  });
  return { plain: config('plain'), eim: config('eim') };
}
