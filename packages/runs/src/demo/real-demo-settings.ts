import type { ConfigDocument } from './demo-settings.js';

/** Published parts by the names under which `eim pull` keeps them. */
export const REAL_PARTS = { encoder: 'efficientnet-lite2', llm: 'smollm2-135m-instruct' } as const;

/** Steps in which the ST learns alone, while the LLM stays as it was published. */
const WARM_UP_SHARE = 0.15;
/** Pictures in each step, each with one of its sentences. */
export const REAL_BATCH = 32;

export interface RealDemoSettings {
  /** A folder or a caption file of captioned pictures. */
  readonly data: string;
  readonly seed: number;
  /** Steps in all. */
  readonly steps: number;
  /** The split that is captioned and scored; nothing is chosen on it. */
  readonly split: string;
}

/** A captioner of published parts: the encoder stays frozen, the LLM first too, and is then tuned with the ST. */
export function realDemoConfig({ data, seed, steps, split }: RealDemoSettings): ConfigDocument {
  const warmUp = Math.max(1, Math.round(steps * WARM_UP_SHARE));
  const st = (learningRate: number) => ({ st: { select: 'full', learningRate, weightDecay: 0.05 } });
  const common = {
    objective: 'caption',
    data: 'train',
    batchSize: REAL_BATCH,
    warmupFraction: 0.05,
    clipNorm: 1,
  };
  return {
    name: 'real',
    model: {
      tokenizer: { use: 'llm' },
      encoder: { use: '@eim/encoder-efficientnet', weights: REAL_PARTS.encoder },
      st: { use: '@eim/st-adapters/clipcap-mlp', options: { prefixLength: 10 } },
      // No dropout: SmolLM2 was made without it, and a tenth of it in 30 blocks undoes what the model knows.
      llm: { use: '@eim/llm-llama', weights: REAL_PARTS.llm },
    },
    data: { use: 'captions', path: data },
    plan: {
      segments: [
        { name: 'warm-up', learn: st(5e-4), until: { steps: warmUp }, ...common },
        {
          name: 'tune',
          learn: {
            ...st(2e-4),
            llm: { select: 'full', learningRate: 1e-4, weightDecay: 0.05 },
          },
          until: { steps: Math.max(1, steps - warmUp) },
          ...common,
        },
      ],
    },
    training: { seed, maxTextLength: 32 },
    evaluation: { split, maxNewTokens: 32 },
  };
}
