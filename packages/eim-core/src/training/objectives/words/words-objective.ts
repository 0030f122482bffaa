import type { Objective, ObjectivePluginContext } from '@eim/contracts/model';
import type { z } from 'zod';
import { encodePictures } from '../../../compose/encode-pictures.js';
import { PseudoWords, pseudoWordsSchema } from './pseudo-words.js';
import { type WordLogits, WordTask, wordOptionsSchema } from './word-task.js';
import { WordsHead } from './words-head.js';

export const wordsOptionsSchema = wordOptionsSchema.extend({
  /** Further pictures of which nothing is said, with words from those that are alike. Absent: captioned pictures alone. */
  pseudo: pseudoWordsSchema.optional(),
});

export type WordsOptions = z.output<typeof wordsOptionsSchema>;

/**
 * Teaches the encoder to name what a picture shows: a linear head, which exists in training only, reads the words of the
 * captions from the outputs that the ST reads. After SuperClass (Huang et al. 2024, arXiv:2411.03313), which takes the
 * caption's tokens for classes. Pictures that nothing is said of do not count, unless they get words from those that are alike. Held out: `loss`.
 * @throws EimError `invalid-config` where no word is frequent enough
 */
export function createWordsObjective(
  options: WordsOptions,
  { random, parts, rows }: ObjectivePluginContext,
): Objective {
  const pseudo = options.pseudo && rows && new PseudoWords(options.pseudo, rows);
  const task = new WordTask(options, rows, pseudo);
  const head = new WordsHead({ ...parts, shares: task.shares, random });
  const logitsOf: WordLogits = (model, batch, context) => head.logits(encodePictures(model, batch, context));
  return {
    name: 'words',
    uses: { encoder: true, st: false, llm: false },
    reads: [head.reads],
    takesViews: true,
    parameters: () => head.parameters(),
    guessingLoss: () => task.guessingLoss,
    ...(pseudo && {
      begin: (_, { pictureVectors }) => pseudo.label(task.words!, pictureVectors),
      beginCost: (width) => pseudo.cost(width),
    }),
    preparation: task.preparation,
    loss: (model, batch, context) => task.loss(logitsOf(model, batch, context), batch, context),
    evaluate: (model, batches, context) => task.evaluate(logitsOf, model, batches, context),
    dispose() {
      for (const { variable } of head.parameters()) variable.dispose();
    },
  };
}
