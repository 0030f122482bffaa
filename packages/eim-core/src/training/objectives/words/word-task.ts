import { EimError, type Row } from '@eim/contracts';
import type {
  Batch,
  EvaluationContext,
  ModelParts,
  ObjectiveContext,
  Preparation,
  Tensor1D,
  Tensor2D,
} from '@eim/contracts/model';
import {
  div,
  maximum,
  mul,
  type Scalar,
  stack,
  sub,
  sum,
  tensor1d,
  tensor2d,
  tidy,
  tile,
} from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { CaptionWords } from '../../word-probe/caption-words.js';
import { logSumExp } from '../log-sum-exp.js';
import { meanShares, type PictureLabels, wordTargets } from './word-targets.js';

export const wordOptionsSchema = z.strictObject({
  /** In the captions of how many pictures a word must occur to be asked for. @default 5 */
  minimumCount: z.int().min(1).default(5),
  /** So many words at most are asked for, the most frequent ones. @default 4000 */
  mostWords: z.int().min(1).default(4000),
  /** Sequences of up to so many words are asked for as words are: 2 also asks for "red circle". @default 1 */
  longestPhrase: z.int().min(1).max(4).default(1),
});

export type WordOptions = z.output<typeof wordOptionsSchema>;

/** Below every sum of what pictures count, and above 0. */
const LEAST_COUNT = 1e-9;

/** Words that the pictures of a batch are to show. */
interface Targets {
  /** `[P, W]` */
  readonly shares: Tensor2D;
  /** `[P]` */
  readonly told: Tensor1D;
}

/** Says which words a picture shows, before a softmax. @returns `[P, W]`, or `[views * P, W]` view by view */
export type WordLogits = (parts: ModelParts, batch: Batch, context: ObjectiveContext) => Tensor2D;

/**
 * The task of telling the words of a picture's captions, weighted by their rarity (tf-idf) and brought to sum 1. Without rows
 * it has `mostWords` words that nobody knows: enough to count what it costs.
 * @throws EimError `invalid-config` where no word is frequent enough
 */
export class WordTask {
  /** `[W]`, the mean share of each word. */
  readonly shares: Float32Array;
  /** The words themselves. Undefined where there are no rows. */
  readonly words: CaptionWords | undefined;
  readonly #rows: readonly Row[];
  readonly #labels: PictureLabels | undefined;

  /** @param labels words of pictures of which nothing is said. Absent: these do not count */
  constructor(options: WordOptions, rows: readonly Row[] | undefined, labels?: PictureLabels) {
    this.#labels = labels;
    this.#rows = rows ?? [];
    this.words = rows && wordsOf(rows, options);
    this.shares = this.words ? meanShares(this.words, this.#rows) : new Float32Array(options.mostWords);
  }

  /** The entropy of the mean shares: what guessing by them gives. */
  get guessingLoss(): number {
    return -this.shares.reduce((total, share) => total + (share > 0 ? share * Math.log(share) : 0), 0);
  }

  get preparation(): Preparation {
    return {
      byRow: 'pictures',
      shapes: (_, { pictureCount }) => ({
        shares: { shape: [pictureCount, this.shares.length] },
        told: { shape: [pictureCount] },
      }),
      prepare: async (_, batch) => ({ ...(await this.#targets(this.#rows, batch)) }),
    };
  }

  /** Cross-entropy over the pictures of a prepared batch of which something is said, in the mean of their views. @returns scalar */
  loss(logits: Tensor2D, { prepared, pictureCount }: Batch, { weigh }: ObjectiveContext): Scalar {
    const targets = prepared as unknown as Targets;
    weigh?.(sum(targets.told));
    return lossOf(logits, inViews(targets, logits.shape[0] / pictureCount));
  }

  /** The mean of {@link loss} over the pictures of a split. */
  async evaluate(
    logitsOf: WordLogits,
    parts: ModelParts,
    batches: AsyncIterable<Batch>,
    context: EvaluationContext,
  ): Promise<{ loss: number }> {
    let [total, count] = [0, 0];
    const pictures: number[] = [];
    for await (const batch of batches) {
      const targets = await this.#targets(context.rows ?? [], batch);
      const [pair, ofEach] = tidy(() => {
        const told = sum(targets.told);
        const logits = logitsOf(parts, batch, context); // [P, W]
        return [stack([mul(lossOf(logits, targets), told), told]), lossOfEach(logits, targets)]; // [2], [P]
      });
      const [ofBatch, told] = await pair!.data();
      total += ofBatch!;
      count += told!;
      const isTold = await targets.told.data();
      pictures.push(...(await ofEach!.data()).filter((_, picture) => isTold[picture] === 1));
      for (const tensor of [pair!, ofEach!, targets.shares, targets.told]) tensor.dispose();
    }
    context.each?.('loss', Float32Array.from(pictures));
    return { loss: total / Math.max(1, count) };
  }

  async #targets(rows: readonly Row[], batch: Batch): Promise<Targets> {
    const { shares, told } = await wordTargets(this.words!, rows, batch, this.#labels);
    const shape: [number, number] = [batch.pictureCount, this.shares.length];
    return { shares: tensor2d(shares, shape) as Tensor2D, told: tensor1d(told) as Tensor1D };
  }
}

function inViews({ shares, told }: Targets, views: number): Targets {
  return views === 1 ? { shares, told } : { shares: tile(shares, [views, 1]), told: tile(told, [views]) };
}

function lossOf(logits: Tensor2D, targets: Targets): Scalar {
  return div(sum(lossOfEach(logits, targets)), maximum(sum(targets.told), LEAST_COUNT));
}

/** `[P]`, 0 where nothing is told */
function lossOfEach(logits: Tensor2D, { shares, told }: Targets): Tensor1D {
  const ofTargets = sum(mul(shares, logits), 1); // [P]
  return mul(sub(logSumExp(logits, 1), ofTargets), told);
}

function wordsOf(rows: readonly Row[], options: WordOptions): CaptionWords {
  const shown = rows.filter(({ picture, answers }) => picture !== undefined && answers.length > 0);
  const words = new CaptionWords(
    shown.map(({ answers }) => answers),
    options,
  );
  if (words.size > 0) return words;
  throw new EimError({
    code: 'invalid-config',
    message: `No word occurs in the captions of ${options.minimumCount} pictures, so there is none to ask for.`,
    advice: "Lower the objective's minimumCount, or leave the segment out.",
    data: { rows: shown.length, minimumCount: options.minimumCount },
  });
}
