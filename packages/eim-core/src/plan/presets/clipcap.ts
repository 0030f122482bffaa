import type { SegmentInput } from '../segment-schema.js';
import { type PresetOptions, untilOf } from './preset-options.js';

/**
 * The published recipe of ClipCap (Mokady et al. 2021, section 4, and `train.py`): frozen CLIP, the mapper and
 * GPT-2 learn together; `select: {llm: frozen}` is its `--only_prefix`. AdamW of Hugging Face (epsilon 1e-6, no
 * decay), linear decay after `warmupSteps` (5,000), batch 40, 10 epochs, no clipping.
 */
export function clipcapSegments(options: PresetOptions): SegmentInput[] {
  const {
    batchSize = 40,
    captionsPerPicture = 1,
    learningRate = 2e-5,
    weightDecay = 0,
    warmupSteps = 5000,
    select = {},
  } = options;
  const learn = (selection = select.st) => ({ select: selection ?? 'full', learningRate, weightDecay });
  const length =
    options.steps === undefined && options.epochs === undefined ? { epochs: 10 } : untilOf(options);
  return [
    {
      name: 'joint',
      learn: { st: learn(), ...(select.llm === 'frozen' ? {} : { llm: learn(select.llm ?? 'full') }) },
      objective: 'caption',
      data: { split: 'train', augment: [...(options.augment ?? [])] },
      until: length,
      batchSize,
      captionsPerPicture,
      warmupSteps,
      schedule: 'linear',
      optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-6 },
    },
  ];
}
