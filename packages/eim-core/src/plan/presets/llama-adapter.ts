import type { SegmentInput } from '../segment-schema.js';
import { type PresetOptions, type PresetResult, untilOf } from './preset-options.js';
import { rateForRows } from './rate-for-rows.js';
import { stepsByShare } from './steps-by-share.js';

/** Rows of a step of the published programs: 4 on each of 8 devices. */
const BATCH_SIZE = 32;

/** What all published segments have: AdamW of MAE's programs, a cosine to 0, no clipping. */
const common = ({ batchSize = BATCH_SIZE, captionsPerPicture = 1, augment = [] }: PresetOptions) =>
  ({
    objective: 'caption',
    data: { split: 'train', augment: [...augment] },
    batchSize,
    captionsPerPicture,
    schedule: 'cosine',
    optimizer: { beta1: 0.9, beta2: 0.95, epsilon: 1e-8 },
  }) as const satisfies Partial<SegmentInput>;

/**
 * The published recipe of LLaMA-Adapter V1 (Zhang et al. 2023; `finetuning.sh`): prompts and gates learn, everything else is
 * frozen. Base rate 9e-3, weight decay 0.02 on all that has two or more dimensions, gates included, 2 epochs of warm-up of 5.
 */
export function llamaAdapterSegments(options: PresetOptions): SegmentInput[] {
  const { batchSize = BATCH_SIZE, epochs, steps, warmupSteps, weightDecay = 0.02 } = options;
  const { learningRate = rateForRows(9e-3, batchSize), select = {} } = options;
  const warmupFraction = Math.min(0.4, 2 / (epochs ?? 5));
  return [
    {
      name: 'finetune',
      learn: { st: { select: select.st ?? 'full', learningRate, weightDecay, decayed: 'matrices' } },
      until: epochs === undefined && steps === undefined ? { epochs: 5 } : untilOf(options),
      ...(warmupSteps === undefined ? { warmupFraction } : { warmupSteps }),
      ...common(options),
    },
  ];
}

/**
 * The published recipe of LLaMA-Adapter V2 (Gao et al. 2023; `exps/pretrain.sh` and `exps/finetune.sh`), whose two segments train
 * disjoint parameters. `pretrain`, on captions: what reads pictures, the prompts and their gates; base rate 1e-4, decay 0.05, 3
 * passes (150 of the program's epochs, each a fiftieth of the data), a thirtieth of them warm-up. `finetune`, on
 * instructions: the biases of the LLM's linear layers and its norms; base rate 1e-3, decay 0.02, 4 passes, one of them warm-up.
 * `learningRate` is that of `pretrain`; `finetune` has ten times it.
 */
export function llamaAdapterV2Segments(options: PresetOptions): PresetResult {
  const { batchSize = BATCH_SIZE, weightDecay } = options;
  const { learningRate = rateForRows(1e-4, batchSize) } = options;
  const until =
    options.steps === undefined ? undefined : stepsByShare(options, { pretrain: 0.5 }, 'finetune');
  if (until === undefined && options.shares !== undefined)
    return { issue: { path: 'shares', message: 'needs steps, which it divides' } };
  if (until !== undefined && 'issue' in until) return until;
  const lengthOf = (name: string, epochs: number) => (until ? { steps: until.get(name)! } : { epochs });
  const learn = (select: NonNullable<SegmentInput['learn']['st']>['select'], rate: number, decay: number) =>
    ({ select, learningRate: rate, weightDecay: weightDecay ?? decay, decayed: 'matrices' }) as const;
  const tuned = learningRate * 10;
  return {
    segments: [
      {
        name: 'pretrain',
        learn: {
          st: learn({ names: ['visual.*', 'blocks.*.prompts', 'blocks.*.gate'] }, learningRate, 0.05),
        },
        until: lengthOf('pretrain', 3),
        warmupFraction: 5 / 150,
        ...common(options),
      },
      {
        name: 'finetune',
        learn: { st: learn({ names: 'linears.*.bias' }, tuned, 0.02), llm: learn('norms', tuned, 0.02) },
        until: lengthOf('finetune', 4),
        warmupFraction: 1 / 4,
        ...common(options),
      },
    ],
  };
}
