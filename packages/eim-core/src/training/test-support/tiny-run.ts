import type { ModelParts } from '@eim/contracts/model';
import { createRandomStream } from '@eim/engine';
import { PART_NAMES } from '../../compose/composed-model.js';
import { parsePlan } from '../../plan/parse-plan.js';
import type { SegmentInput } from '../../plan/segment-schema.js';
import { createTinyParts } from '../../testing/tiny-parts/create-tiny-parts.js';
import { TinyRouterTransform } from '../../testing/tiny-parts/tiny-router-transform.js';
import { createTinyTokenizer } from '../../testing/tiny-parts/tiny-tokenizer.js';
import type { TrainPlanOptions } from '../run/train-options.js';
import { TINY_WORDS, tinyDataset, tinyPreprocess } from './tiny-dataset.js';
import { TINY_MIXED_WORDS, tinyMixedDataset } from './tiny-rows.js';

/** A caption segment that learns everything, unless told otherwise. */
export function tinySegment(changes: Partial<SegmentInput> = {}): SegmentInput {
  const learn = { select: 'full', learningRate: 0.01 } as const;
  return {
    name: 'joint',
    learn: { encoder: learn, st: learn, llm: { ...learn, weightDecay: 0.1 } },
    objective: 'caption',
    data: 'train',
    until: { steps: 10 },
    batchSize: 6,
    captionsPerPicture: 2,
    clipNorm: 1,
    ...changes,
  };
}

export interface TinyRun {
  readonly model: ModelParts;
  readonly options: TrainPlanOptions;
  /** Copies of all weights, by `part.name`. */
  weights(): Map<string, Float32Array>;
  dispose(): void;
}

/** A tiny model with a plan; the same seed gives the same weights. */
export function tinyRun(segments: readonly SegmentInput[], more: Partial<TrainPlanOptions> = {}): TinyRun {
  const tokenizer = more.tokenizer ?? createTinyTokenizer(TINY_WORDS);
  const model = more.model ?? createTinyParts({ random: createRandomStream('tiny model'), tokenizer });
  return runOf(model, segments, { tokenizer, ...more });
}

/** A {@link tinyRun} on rows with and without pictures, all with prompts, through an ST that does all that LaVIN's does. */
export function tinyMixedRun(
  segments: readonly SegmentInput[],
  more: Partial<TrainPlanOptions> = {},
): TinyRun {
  const tokenizer = createTinyTokenizer([...TINY_WORDS, ...TINY_MIXED_WORDS]);
  const random = createRandomStream('tiny mixed model');
  const { st, ...neighbours } = createTinyParts({ random, tokenizer });
  st.dispose();
  const routers = new TinyRouterTransform({ random: random.fork('st'), tokenizer, ...neighbours });
  const mixed = { tokenizer, dataset: tinyMixedDataset(), textLengths: [7, 9, 12], ...more };
  return runOf({ ...neighbours, st: routers }, segments, mixed);
}

function runOf(
  model: ModelParts,
  segments: readonly SegmentInput[],
  more: Partial<TrainPlanOptions> & Pick<TrainPlanOptions, 'tokenizer'>,
): TinyRun {
  return {
    model,
    options: {
      model,
      plan: parsePlan({ segments }),
      dataset: tinyDataset(),
      preprocess: tinyPreprocess,
      seed: 7,
      ...more,
    },
    weights: () =>
      new Map(
        PART_NAMES.flatMap((part) =>
          model[part]
            .parameters()
            .map(({ name, variable }) => [
              `${part}.${name}`,
              Float32Array.from(variable.dataSync() as Float32Array),
            ]),
        ),
      ),
    dispose: () => {
      for (const part of PART_NAMES) model[part].dispose();
    },
  };
}
