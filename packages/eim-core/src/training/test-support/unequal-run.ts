import type { Dataset, Row, Tokenizer } from '@eim/contracts';
import { createRandomStream } from '@eim/engine';
import { memory } from '@tensorflow/tfjs-core';
import type { SegmentInput } from '../../plan/segment-schema.js';
import { createTinyParts, createTinyTokenizer } from '../../testing/tiny-parts/index.js';
import type { TrainPlanOptions } from '../run/train-options.js';
import { trainPlan } from '../run/train-plan.js';
import { TINY_WORDS, tinyDataset } from './tiny-dataset.js';
import { type TinyRun, tinyRun, tinySegment } from './tiny-run.js';

const learn = { select: 'full', learningRate: 0.01 } as const;

/** Answers of 1 to 7 words, and with `someTextAlone` every third row without a picture. */
function unequalDataset(someTextAlone: boolean): Dataset {
  const rows = tinyDataset({ train: 48 })
    .split('train')
    .map((row, index): Row => {
      const words = Array.from(
        { length: 1 + ((index * 5) % 7) },
        (_, word) => TINY_WORDS[(index + word) % 8],
      );
      const { picture, ...text } = { ...row, answers: [words.join(' ')] };
      return someTextAlone && index % 3 === 0 ? text : { ...text, picture: picture! };
    });
  return { name: 'unequal', splits: ['train'], split: () => rows, notes: [] };
}

/** Its first target stands at position 0, where nothing may come before it. */
function withoutBegin(tokenizer: Tokenizer): Tokenizer {
  const { begin: _, ...specialTokens } = tokenizer.specialTokens;
  return { ...tokenizer, specialTokens };
}

/** A run on rows whose answers are of unequal lengths. */
export function unequalRun(
  changes: Partial<SegmentInput>,
  someTextAlone = false,
  more: Partial<TrainPlanOptions> = {},
): TinyRun {
  const whole = createTinyTokenizer(TINY_WORDS);
  const tokenizer = someTextAlone ? withoutBegin(whole) : whole;
  const model = createTinyParts({ random: createRandomStream('unequal'), tokenizer });
  // Adam divides gradients that are nothing but rounding by their own size; a larger epsilon keeps them small.
  const segment = tinySegment({
    learn: { encoder: learn, st: learn, llm: learn },
    captionsPerPicture: 1,
    optimizer: { epsilon: 1e-3 },
    clipNorm: 0.5,
    until: { steps: 4 },
    ...changes,
  });
  return tinyRun([segment], { model, tokenizer, dataset: unequalDataset(someTextAlone), ...more });
}

/** Trains, and sees that no tensor is left; the model is freed. */
export async function outcome(run: TinyRun) {
  const tensors = memory().numTensors;
  const logged: Record<string, number | string>[] = [];
  const logger = {
    log: (_: number, values: Readonly<Record<string, number | string>>) => void logged.push({ ...values }),
  };
  const result = await trainPlan({ logger, ...run.options });
  const left = memory().numTensors - tensors;
  if (left !== 0) throw new Error(`${left} tensors are left.`);
  const weights = run.weights();
  for (const part of Object.values(run.model)) part.dispose();
  return { weights, logged, result, segment: result.segments[0]! };
}
