/** A config as its file would hold it. */
export type ConfigDocument = Readonly<Record<string, unknown>>;

const PARTS = {
  st: { use: '@eim/st-adapters/linear', preset: 'tokens' },
};

/** Small enough to train twice in under three minutes on two cores. */
const SCENES = {
  model: {
    tokenizer: { use: 'byte-bpe', vocabularySize: 400 },
    encoder: { use: '@eim/encoder-clip', preset: 'tiny' },
    ...PARTS,
    llm: { use: '@eim/llm-gpt2', preset: 'tiny' },
  },
  plan: { batchSize: 32, learningRate: 1e-3 },
  steps: 300,
};

/** For real pictures: more pixels, a larger vocabulary, more steps. */
const PICTURES = {
  model: {
    tokenizer: { use: 'byte-bpe', vocabularySize: 2000 },
    encoder: { use: '@eim/encoder-clip', preset: 'small' },
    ...PARTS,
    llm: { use: '@eim/llm-gpt2', preset: 'small-scratch' },
  },
  plan: { batchSize: 32, learningRate: 1e-3 },
  steps: 2000,
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
    data: data === undefined ? { use: 'scenes', seed } : { use: 'captions', path: data },
    training: { seed },
    evaluation: { split: 'test', maxNewTokens: 40 },
  };
  const length = steps ?? base.steps;
  return {
    plain: { name: 'plain', ...shared, plan: { preset: 'plain', steps: length, ...base.plan } },
    eim: { name: 'eim', ...shared, plan: { preset: 'eim', steps: length, ...base.plan } },
  };
}
