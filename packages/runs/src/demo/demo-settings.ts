/** A config in the form of its file. */
export type ConfigDocument = Readonly<Record<string, unknown>>;

interface DemoBase {
  readonly model: ConfigDocument;
  readonly data: ConfigDocument;
  readonly maxTextLength: number;
  /** Settings of both plans, which differ in their segments alone. */
  readonly plan: ConfigDocument;
  readonly steps: number;
}

/** Small enough to train twice in under three minutes on two cores. */
const SCENES: DemoBase = {
  model: {
    tokenizer: { use: 'byte-bpe', vocabularySize: 700 },
    encoder: {
      use: '@eim/encoder-clip',
      preset: 'tiny',
      options: { width: 64, blockCount: 2, feedForwardSize: 256, pooledSize: 64 },
    },
    st: { use: '@eim/st-adapters/linear', preset: 'tokens' },
    llm: {
      use: '@eim/llm-gpt2',
      preset: 'tiny',
      // Embeddings near the size of what enters beside them: at 0.02 a model this narrow is slow to learn positions.
      options: {
        hiddenSize: 64,
        blockCount: 1,
        feedForwardSize: 256,
        contextLength: 64,
        initialStandardDeviation: 0.12,
      },
    },
  },
  data: {
    use: 'scenes',
    train: 6000,
    val: 200,
    test: 500,
    testCombinations: 'seen',
    difficulty: { objects: [1, 2], colours: 8, shapes: 6, noise: 0.2 },
  },
  maxTextLength: 36,
  plan: { batchSize: 32, learningRate: 3e-3, ema: 0.98 },
  steps: 3300,
};

/** For real pictures: a narrow encoder with many small patches, which learns most from few pictures; see docs/measurements.md. */
const PICTURES: DemoBase = {
  model: {
    tokenizer: { use: 'byte-bpe', vocabularySize: 2000 },
    encoder: {
      use: '@eim/encoder-clip/vit',
      options: {
        imageSize: 64,
        patchSize: 8,
        width: 64,
        blockCount: 3,
        headCount: 4,
        feedForwardSize: 256,
        pooledSize: 64,
        residualDropout: 0.1,
      },
    },
    st: { use: '@eim/st-adapters/clipcap-mlp', options: { prefixLength: 4 } },
    llm: {
      use: '@eim/llm-gpt2',
      options: {
        hiddenSize: 128,
        blockCount: 1,
        headCount: 4,
        feedForwardSize: 512,
        contextLength: 64,
        embeddingDropout: 0.1,
        residualDropout: 0.1,
      },
    },
  },
  data: { use: 'captions' },
  maxTextLength: 32,
  plan: {
    batchSize: 64,
    captionsPerPicture: 2,
    learningRate: 1.5e-3,
    weightDecay: 0.05,
    augment: ['zoom', 'colour-jitter'],
    labelSmoothing: 0.1,
    ema: 0.98,
  },
  steps: 2000,
};

export interface DemoSettings {
  /** Absent: the generated scenes. */
  readonly data: string | undefined;
  readonly seed: number;
  /** Steps of the eim plan. Absent: the demo's own number. */
  readonly steps: number | undefined;
}

/** The two configs of a demo, which differ only in their plans. `plain` gets its number of steps once costs are known. */
export function demoConfigs({ data, seed, steps }: DemoSettings): Record<'plain' | 'eim', ConfigDocument> {
  const base = data === undefined ? SCENES : PICTURES;
  const shared = {
    model: base.model,
    data: data === undefined ? { ...base.data, seed } : { ...base.data, path: data },
    training: { seed, maxTextLength: base.maxTextLength },
    evaluation: { split: 'test', maxNewTokens: base.maxTextLength },
  };
  const common = { steps: steps ?? base.steps, ...base.plan };
  return {
    plain: { name: 'plain', ...shared, plan: { preset: 'plain', ...common } },
    eim: { name: 'eim', ...shared, plan: { preset: 'eim', ...common } },
  };
}
