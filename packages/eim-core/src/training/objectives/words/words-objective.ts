import { EimError, type Row } from '@eim/contracts';
import type {
  Batch,
  ModelParts,
  Objective,
  ObjectiveContext,
  ObjectivePluginContext,
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
} from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { encodePictures } from '../../../compose/encode-pictures.js';
import { CaptionWords } from '../../word-probe/caption-words.js';
import { logSumExp } from '../log-sum-exp.js';
import { meanShares, wordTargets } from './word-targets.js';
import { WordsHead } from './words-head.js';

export const wordsOptionsSchema = z.strictObject({
  /** In the captions of how many pictures a word must occur to be asked for. @default 5 */
  minimumCount: z.int().min(1).default(5),
  /** So many words at most are asked for, the most frequent ones. @default 4000 */
  mostWords: z.int().min(1).default(4000),
});

export type WordsOptions = z.output<typeof wordsOptionsSchema>;

/**
 * Teaches the encoder to name what a picture shows: cross-entropy between the words of its captions, weighted by their rarity
 * (tf-idf) and brought to sum 1, and what a linear head reads from the outputs that the ST reads. The head exists
 * in training only. After SuperClass (Huang et al. 2024, arXiv:2411.03313), which takes the caption's tokens for classes.
 * Pictures that nothing is said of do not count. Held out: `loss`. Without rows it can be counted, with `mostWords` words, and
 * not trained.
 * @throws EimError `invalid-config` where no word is frequent enough
 */
export function createWordsObjective(
  options: WordsOptions,
  { random, parts, rows }: ObjectivePluginContext,
): Objective {
  const words = rows && wordsOf(rows, options);
  const shares = words ? meanShares(words, rows) : new Float32Array(options.mostWords); // [W]
  const wordCount = shares.length;
  const head = new WordsHead({ ...parts, shares, random });
  const guessing = -shares.reduce((total, share) => total + (share > 0 ? share * Math.log(share) : 0), 0);

  const targetsOf = async (said: readonly Row[], batch: Batch): Promise<Targets> => {
    const { shares, told } = await wordTargets(words!, said, batch);
    return {
      shares: tensor2d(shares, [batch.pictureCount, wordCount]) as Tensor2D,
      told: tensor1d(told) as Tensor1D,
    };
  };
  const loss = (model: ModelParts, batch: Batch, context: ObjectiveContext, targets: Targets): Scalar => {
    const logits = head.logits(encodePictures(model, batch, context)); // [P, W]
    const ofTargets = sum(mul(targets.shares, logits), 1); // [P]
    const each = mul(sub(logSumExp(logits, 1), ofTargets), targets.told); // [P]
    return div(sum(each), maximum(sum(targets.told), 1));
  };

  return {
    name: 'words',
    uses: { encoder: true, st: false, llm: false },
    reads: [head.reads],
    parameters: () => head.parameters(),
    guessingLoss: () => guessing,
    preparation: {
      shapes: (_, { pictureCount }) => ({
        shares: { shape: [pictureCount, wordCount] },
        told: { shape: [pictureCount] },
      }),
      prepare: async (_, batch) => ({ ...(await targetsOf(rows!, batch)) }),
    },
    loss: (model, batch, context) => loss(model, batch, context, batch.prepared as unknown as Targets),
    async evaluate(model, batches, context) {
      let [total, count] = [0, 0];
      for await (const batch of batches) {
        const targets = await targetsOf(context.rows ?? [], batch);
        const pair = tidy(() => {
          const told = sum(targets.told);
          return stack([mul(loss(model, batch, context, targets), told), told]); // [2]
        });
        const [ofBatch, told] = await pair.data();
        total += ofBatch!;
        count += told!;
        for (const tensor of [pair, targets.shares, targets.told]) tensor.dispose();
      }
      return { loss: total / Math.max(1, count) };
    },
    dispose() {
      for (const { variable } of head.parameters()) variable.dispose();
    },
  };
}

interface Targets {
  /** `[P, W]` */
  readonly shares: Tensor2D;
  /** `[P]` */
  readonly told: Tensor1D;
}

function wordsOf(rows: readonly Row[], { minimumCount, mostWords }: WordsOptions): CaptionWords {
  const shown = rows.filter(({ picture }) => picture !== undefined);
  const words = new CaptionWords(
    shown.map(({ answers }) => answers),
    minimumCount,
    mostWords,
  );
  if (words.size > 0) return words;
  throw new EimError({
    code: 'invalid-config',
    message: `No word occurs in the captions of ${minimumCount} pictures, so the objective 'words' has nothing to ask for.`,
    advice: 'Lower its minimumCount, or leave the segment out.',
    data: { rows: shown.length, minimumCount },
  });
}
