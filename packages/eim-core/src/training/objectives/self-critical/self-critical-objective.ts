import { EimError, type Reward, type Row } from '@eim/contracts';
import type { Batch, ModelParts, Objective, ObjectivePluginContext } from '@eim/contracts/model';
import { div, maximum, type Scalar, sum } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { createCaptionObjective, predictAnswers } from '../caption-objective.js';
import { givenShapes, RowTexts } from '../given-answers/row-texts.js';
import { firstTargetOf, withGivenTexts } from '../given-answers/with-given-texts.js';
import { type AnswerBatchOptions, answerBatch } from './answer-batch.js';
import { rewardUseSchema } from './reward-use.js';
import { signedCrossEntropy } from './signed-cross-entropy.js';

export const selfCriticalOptionsSchema = z.strictObject({
  /** What is made greater: a package's reward, such as `@eim/benchmarks/cider`, or `{use, options}`. */
  reward: rewardUseSchema,
  /** Greatest length of an answer, its end token included. Absent: that of the batch's longest row. */
  maxNewTokens: z.int().min(1).optional(),
});

export type SelfCriticalOptions = z.output<typeof selfCriticalOptionsSchema>;

/**
 * Self-critical sequence training (Rennie et al. 2017, arXiv:1612.00563, equation 8): for each row an answer is drawn from the model and
 * another is decoded greedily; the drawn one's log-probability is raised by how much its reward is above the greedy
 * one's, and lowered by how much it is below. It is the sum over its tokens: a mean would make long answers of bad
 * ones, as each token of theirs would be lowered less. The batch is divided by the tokens of its rows' own answers. Both are generated before the step, without dropout. For a model that captions
 * already. Held out: `reward` of greedy answers, `loss`, `perplexity`.
 * @param reward absent where there are no rows either
 */
export function createSelfCriticalObjective(
  { maxNewTokens }: SelfCriticalOptions,
  reward: Reward | undefined,
  context: ObjectivePluginContext,
): Objective {
  const caption = createCaptionObjective({ labelSmoothing: 0 });

  /** Rewards of the texts of rows. */
  const scores = async (rows: readonly Row[], indices: readonly number[], texts: readonly string[]) =>
    checked(await reward!.score(texts.map((text, at) => ({ text, row: rows[indices[at]!]! }))), texts.length);

  /** Each row once, however often the batch holds it: its greedy answer is the same. */
  const greedyScores = async (
    parts: ModelParts,
    batch: Batch,
    texts: RowTexts,
    rows: readonly Row[],
    options: AnswerBatchOptions,
  ): Promise<ReadonlyMap<number, number>> => {
    const once = [...new Map(texts.rows.map((row) => [row.index, row])).values()];
    const answers = await answerBatch(parts, batch, once, options);
    const indices = once.map(({ index }) => index);
    const found = await scores(
      rows,
      indices,
      answers.map(({ text }) => text),
    );
    return new Map(indices.map((index, at) => [index, found[at]!]));
  };

  const optionsFor = ({ length }: RowTexts) => ({ length, maxNewTokens, tokenizer: tokenizerOf(context) });

  return {
    name: 'self-critical',
    uses: { encoder: true, st: true, llm: true },
    preparation: {
      shapes: (_, batch) => givenShapes(batch),
      async prepare(parts, batch, { random }) {
        const rows = context.rows ?? [];
        const texts = await RowTexts.of(batch, firstTargetOf(parts, context));
        const options = optionsFor(texts);
        const drawn = await answerBatch(parts, batch, texts.rows, { ...options, random });
        const greedy = await greedyScores(parts, batch, texts, rows, options);
        const indices = texts.rows.map(({ index }) => index);
        const found = await scores(
          rows,
          indices,
          drawn.map(({ text }) => text),
        );
        for (const [at, row] of texts.rows.entries()) {
          texts.replace(row, drawn[at]!.ids, found[at]! - greedy.get(row.index)!);
        }
        return { ...texts.tensors() };
      },
    },
    loss(parts, batch, pass) {
      const given = withGivenTexts(batch, firstTargetOf(parts, context));
      const total = signedCrossEntropy(predictAnswers(parts, given, pass));
      // The tokens of the rows' own answers, which do not depend on what was drawn.
      return div(total, maximum(sum(batch.targetWeights), 1)) as Scalar;
    },
    async evaluate(parts, batches, evaluation) {
      let [total, count] = [0, 0];
      const scored = async function* () {
        for await (const batch of batches) {
          const texts = await RowTexts.of(batch, firstTargetOf(parts, context));
          const found = await greedyScores(parts, batch, texts, evaluation.rows ?? [], optionsFor(texts));
          for (const { index } of texts.rows) total += found.get(index)!;
          count += texts.rows.length;
          yield batch;
        }
      };
      const language = await caption.evaluate!(parts, scored(), evaluation);
      return { ...language, reward: total / Math.max(1, count) };
    },
  };
}

function tokenizerOf({ tokenizer }: ObjectivePluginContext) {
  if (tokenizer) return tokenizer;
  throw new EimError({
    code: 'invalid-argument',
    message: "The objective 'self-critical' scores texts, and was made without a tokenizer.",
    advice: 'Pass the tokenizer that made the ids of the rows.',
  });
}

function checked(scores: readonly number[], count: number): readonly number[] {
  if (scores.length === count && scores.every(Number.isFinite)) return scores;
  throw new EimError({
    code: 'contract-mismatch',
    message: `A reward gave ${scores.length} scores for ${count} texts, or one that is no finite number.`,
    advice: 'Its `score` must return a finite number for each text, in their order.',
    data: { scores: scores.length, texts: count },
  });
}
