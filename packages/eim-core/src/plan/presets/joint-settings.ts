import type { SegmentInput } from '../segment-schema.js';
import type { Selection } from '../selection-schema.js';
import type { PresetOptions } from './preset-options.js';

type PartName = 'encoder' | 'st' | 'llm';
type LearnInput = NonNullable<SegmentInput['learn']['st']>;

/** Settings that are common to all segments of a small model trained from scratch; none of them is a measure. */
export function jointSettings({
  batchSize = 32,
  captionsPerPicture = 1,
  learningRate = 1e-3,
  weightDecay = 0.01,
  select = {},
  augment = [],
  labelSmoothing = 0,
  ema,
}: PresetOptions) {
  const common = {
    data: { split: 'train', augment: [...augment] },
    batchSize,
    captionsPerPicture,
    warmupFraction: 0.05,
    schedule: 'cosine',
    clipNorm: 1,
  } as const satisfies Partial<SegmentInput>;
  return {
    learningRate,
    /** How a part learns; absent where the user froze it. */
    learn: (part: PartName, rate = learningRate, more: Partial<LearnInput> = {}): SegmentInput['learn'] => {
      const selection: Selection = select[part] ?? 'full';
      if (selection === 'frozen') return {};
      return { [part]: { select: selection, learningRate: rate, weightDecay, ...more } };
    },
    common,
    /** What segments by the caption loss have beside `learn`. */
    captions: {
      objective: labelSmoothing === 0 ? 'caption' : { use: 'caption', options: { labelSmoothing } },
      ...common,
    } as const satisfies Partial<SegmentInput>,
    /** For the last segment, whose weights are the model's. */
    ema: ema === undefined ? {} : ({ ema: { decay: ema } } as const),
  };
}
