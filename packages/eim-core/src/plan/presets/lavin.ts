import type { SegmentInput } from '../segment-schema.js';
import { type PresetOptions, untilOf } from './preset-options.js';
import { rateForRows } from './rate-for-rows.js';

const BASE_RATE = 9e-3;
/** Rows a step: 4 on each of 2 devices, 4 times. */
const PUBLISHED_ROWS = 32;
const PUBLISHED_BATCH = 4;

/**
 * The published recipe of LaVIN (Luo et al. 2023, `train.py` and its scripts): encoder and LLM frozen, the ST learns; AdamW with
 * betas 0.9 and 0.95 and a decay of 0.02 on whatever has two or more dimensions; linear warm-up over 2 of 20 epochs, then cosine to 0; 32 rows a
 * step, in batches of 4; the rate is 9e-3 for 256 rows; no clipping; batches of a loss that is no number are left out; loss on
 * answers alone. `batchSize` changes how many rows are computed at once, and batches are accumulated to 32 rows or a little more.
 */
export function lavinSegments(options: PresetOptions): SegmentInput[] {
  const { batchSize = PUBLISHED_BATCH, captionsPerPicture = 1, weightDecay = 0.02, select = {} } = options;
  const accumulate = Math.max(1, Math.ceil(PUBLISHED_ROWS / (batchSize * captionsPerPicture)));
  const rows = batchSize * captionsPerPicture * accumulate;
  const { learningRate = rateForRows(BASE_RATE, rows), warmupSteps } = options;
  const learn = (part: 'encoder' | 'st' | 'llm', usual: 'full' | 'frozen'): SegmentInput['learn'] => {
    const selection = select[part] ?? usual;
    if (selection === 'frozen') return {};
    return { [part]: { select: selection, learningRate, weightDecay, decayed: 'matrices' } };
  };
  const isLength = options.steps !== undefined || options.epochs !== undefined;
  return [
    {
      name: 'joint',
      learn: { ...learn('encoder', 'frozen'), ...learn('st', 'full'), ...learn('llm', 'frozen') },
      objective: 'caption',
      data: { split: 'train', augment: [...(options.augment ?? [])] },
      until: isLength ? untilOf(options) : { epochs: 20 },
      batchSize,
      captionsPerPicture,
      accumulate,
      ...(warmupSteps === undefined ? { warmupFraction: 0.1 } : { warmupSteps }),
      schedule: 'cosine',
      onNumericFailure: 'leave-out',
      optimizer: { beta1: 0.9, beta2: 0.95, epsilon: 1e-8 },
    },
  ];
}
