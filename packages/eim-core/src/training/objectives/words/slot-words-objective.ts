import type { Tokenizer } from '@eim/contracts';
import type {
  Objective,
  ObjectivePluginContext,
  Tensor,
  Tensor1D,
  Tensor2D,
  Tensor3D,
} from '@eim/contracts/model';
import { l2Normalise, matMul } from '@eim/engine';
import { add, exp, mul, reshape, scalar, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { encodePictures } from '../../../compose/encode-pictures.js';
import { injectPictures } from '../../../compose/inject-rows.js';
import { drawParameter } from '../draw-parameter.js';
import { logSumExp } from '../log-sum-exp.js';
import { meanOverTokens } from '../masked-means.js';
import { stSlots } from '../st-slots.js';
import { stopGradient } from '../stop-gradient.js';
import { type WordLogits, type WordOptions, WordTask } from './word-task.js';

/** What cosines are multiplied by before a softmax, at the start; it is learnt. */
const FIRST_SCALE = 10;
const LEAST_SHARE = 1e-6;

/**
 * Teaches the ST to say in the LLM's own embeddings what a picture shows: the cosines between its slots and the embedding of
 * each word tell the words of the captions, each word by the slot that is nearest to it. The LLM does not run, so a step
 * costs a small part of one by the caption loss. After SEA (Yin et al. 2024, arXiv:2408.11813), which aligns visual tokens
 * with embeddings of words. The embeddings are a fixed target. Held out: `loss`.
 * @throws EimError `invalid-config` where no word is frequent enough, or the ST gives no slots
 */
export function createSlotWordsObjective(
  options: WordOptions,
  { random, rows, tokenizer }: ObjectivePluginContext,
): Objective {
  const task = new WordTask(options, rows);
  const wordCount = task.shares.length;
  const bias = drawParameter('slot-words.bias', [wordCount], 'bias', random, 0);
  const logScale = drawParameter('slot-words.log-scale', [], 'gate', random, 0);
  const start = [
    tensor1d(task.shares.map((share) => Math.log(Math.max(share, LEAST_SHARE)))),
    scalar(Math.log(FIRST_SCALE)),
  ];
  bias.variable.assign(start[0]!);
  logScale.variable.assign(start[1]!);
  const spelling = spell(task.words?.list ?? [], tokenizer, wordCount);
  for (const tensor of start) tensor.dispose();
  const parameters = [bias, logScale];

  const logitsOf: WordLogits = (model, batch, context) => {
    const features = encodePictures(model, batch, context);
    const slots = stSlots(injectPictures(model, features, batch.pictureCount, context)); // [P, K, H]
    const [pictures, count, width] = slots.shape;
    const spelt = stopGradient(model.llm.embed(spelling.ids)); // [W, S, H]
    const names = l2Normalise(meanOverTokens(spelt as Tensor3D, spelling.mask) as Tensor2D); // [W, H]
    const flat = l2Normalise(reshape(slots, [pictures * count, width]) as Tensor2D); // [P*K, H]
    const cosines = matMul(flat, names, { transposeB: true }); // [P*K, W]
    const bySlot: Tensor = reshape(mul(cosines, exp(logScale.variable)), [pictures, count, wordCount]); // [P, K, W]
    return add(logSumExp(bySlot, 1), bias.variable as unknown as Tensor1D) as Tensor2D;
  };

  return {
    name: 'slot-words',
    uses: { encoder: true, st: true, llm: true },
    parameters: () => parameters,
    guessingLoss: () => task.guessingLoss,
    preparation: task.preparation,
    loss: (model, batch, context) => task.loss(logitsOf(model, batch, context), batch, context),
    evaluate: (model, batches, context) => task.evaluate(logitsOf, model, batches, context),
    dispose() {
      for (const { variable } of parameters) variable.dispose();
      spelling.ids.dispose();
      spelling.mask.dispose();
    },
  };
}

/** Words as ids of the LLM, as they stand inside a sentence. @returns `[W, S]` ids and mask */
function spell(words: readonly string[], tokenizer: Tokenizer | undefined, wordCount: number) {
  const spelt = Array.from({ length: wordCount }, (_, index) => {
    const word = words[index];
    const ids = word === undefined || tokenizer === undefined ? [] : tokenizer.encode(` ${word}`);
    return ids.length > 0 ? ids : [0];
  });
  const length = Math.max(...spelt.map((ids) => ids.length));
  const filled = spelt.flatMap((ids) => [...ids, ...new Array<number>(length - ids.length).fill(0)]);
  const mask = spelt.flatMap((ids) => Array.from({ length }, (_, at) => (at < ids.length ? 1 : 0)));
  return {
    ids: tensor2d(filled, [wordCount, length], 'int32') as Tensor2D,
    mask: tensor2d(mask, [wordCount, length]) as Tensor2D,
  };
}
