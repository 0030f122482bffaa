import type {
  Batch,
  ModelParts,
  Objective,
  ObjectiveContext,
  ObjectivePluginContext,
  Tensor,
  Tensor1D,
  Tensor2D,
  Tensor3D,
} from '@eim/contracts/model';
import { l2Normalise } from '@eim/engine';
import {
  add,
  addN,
  div,
  log,
  maximum,
  mean,
  mul,
  reshape,
  type Scalar,
  scalar,
  sqrt,
  square,
  sub,
  sum,
} from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { encodePictures } from '../../compose/encode-pictures.js';
import { injectPictures } from '../../compose/inject-rows.js';
import { comparisonCost, contrastMetrics } from './contrast-metrics.js';
import { contentMask, meanOverRows, meanOverTokens, picturesSpokenOf, shownBy } from './masked-means.js';
import { stSlots } from './st-slots.js';
import { type ComparedPictures, stepComparison } from './step-comparison.js';
import { stopGradient } from './stop-gradient.js';
import { symmetricContrast } from './symmetric-contrast.js';

export const embeddingAlignmentOptionsSchema = z.strictObject({
  /** Weight of `1 - cosine` between a picture's pooled ST output and its captions' mean embedding. @default 1 */
  cosineWeight: z.number().min(0).default(1),
  /** Weight of the symmetric InfoNCE between the two over the batch. @default 1 */
  contrastWeight: z.number().min(0).default(1),
  /** Weight of the squared logarithm of an ST slot's norm divided by a token embedding's. @default 0.5 */
  sizeWeight: z.number().min(0).default(0.5),
  /** Temperature of the InfoNCE term; it is not learnt. @default 0.07 */
  temperature: z.number().gt(0).max(1).default(0.07),
});

export type EmbeddingAlignmentOptions = z.output<typeof embeddingAlignmentOptionsSchema>;

/**
 * Draws the ST's outputs to the LLM's own embeddings of the caption before any caption loss: the mean of its
 * slots towards the mean token embedding by cosine and by InfoNCE over the batch, and each slot's size towards
 * a token embedding's. After SEA (Yin et al. 2024, arXiv:2408.11813), which aligns single visual tokens with
 * word embeddings of CLIP's labels; here the captions give the words, so only their mean is known to belong to
 * a picture. The embeddings are a fixed target. Held out: `loss` (InfoNCE), `retrieval@1`, `retrieval@5`,
 * `neighbour-agreement` (of the pooled slots).
 */
export function createEmbeddingAlignmentObjective(
  options: EmbeddingAlignmentOptions,
  { rows }: Pick<ObjectivePluginContext, 'rows'> = {},
): Objective {
  const compared = (parts: ModelParts, batch: Batch, context: ObjectiveContext) => {
    const { llm } = parts;
    const features = encodePictures(parts, batch, context);
    const slots = stSlots(injectPictures(parts, features, batch.pictureCount, context)); // [P, K, H]
    const mask = contentMask(batch, llm.specialTokens); // [R, T]
    const tokens = stopGradient(llm.embed(batch.ids)); // [R, T, H]
    const pictures = mean(slots, 1) as Tensor2D; // [P, H]
    const captions = meanOverTokens(tokens, mask); // [R, H]
    return { slots, tokens, mask, pictures, captions, encoded: pictures };
  };

  const lossOf = (
    { pictures, texts, real }: ComparedPictures<Tensor2D>,
    { sizes, squares, words }: SlotSizes,
  ) => {
    const cosines = sum(mul(l2Normalise(pictures), l2Normalise(texts)), 1); // [P]
    const meanCosine = real ? div(sum(mul(cosines, real)), maximum(sum(real), 1)) : mean(cosines);
    const contrast = symmetricContrast(pictures, texts, 1 / options.temperature, { real });
    const wanted = sqrt(div(squares, words)) as Scalar;
    return addN([
      mul(sub(1, meanCosine), options.cosineWeight) as Scalar,
      mul(contrast, options.contrastWeight) as Scalar,
      mul(sizeDifference(sizes, wanted, real), options.sizeWeight) as Scalar,
    ]);
  };
  const sizedOf = (parts: ModelParts, batch: Batch, context: ObjectiveContext) => {
    const { slots, tokens, mask, pictures, captions } = compared(parts, batch, context);
    const texts = meanOverRows(captions, mask, batch); // [P, H]
    return { pictures, texts, mask, ...slotSizes(slots, tokens, shownBy(mask, batch)) };
  };

  return {
    name: 'embedding-alignment',
    uses: { encoder: true, st: true, llm: true },
    loss(parts, batch, context) {
      const { pictures, texts, mask, ...sizes } = sizedOf(parts, batch, context);
      const real = picturesSpokenOf(mask, batch); // [P]
      context.weigh?.(real ? sum(real) : scalar(batch.pictureCount));
      return lossOf({ pictures, texts, real }, sizes);
    },
    comparison: stepComparison({
      rows,
      vectors(parts, batch, context) {
        const { squares, words, ...vectors } = sizedOf(parts, batch, context);
        return { ...vectors, squares: reshape(squares, [1]), words: reshape(words, [1]) };
      },
      loss(pictures, _, { sizes, squares, words }) {
        return lossOf(pictures, { sizes: sizes as Tensor2D, squares: sum(squares!), words: sum(words!) });
      },
      ofPictures: ['sizes'],
    }),
    comparisonCost: ({ llm }, split) =>
      comparisonCost(split, { compared: llm.hiddenSize, encoded: llm.hiddenSize }),
    evaluate(parts, batches, context) {
      const scale = 1 / options.temperature;
      return contrastMetrics(batches, (batch) => compared(parts, batch, context), scale, context);
    },
  };
}

/** How large slots and the words that are said of their pictures are. */
interface SlotSizes {
  /** `[P, K]`, root mean squares of slots. */
  readonly sizes: Tensor2D;
  /** `[]`: mean squares of the words' embeddings in sum, and the number of words. */
  readonly squares: Tensor;
  readonly words: Tensor;
}

/** @param mask `[R, T]`, 1 on words that are said of pictures */
function slotSizes(slots: Tensor3D, tokens: Tensor3D, mask: Tensor2D): SlotSizes {
  const [pictures, count, width] = slots.shape;
  const flat = reshape(slots, [pictures * count, width]); // [P*K, H]
  // A slot of zeros has no direction in which its size could grow; the small term keeps its gradient finite.
  const sizes = sqrt(add(mean(square(flat), 1), 1e-12)); // [P*K]
  return {
    sizes: reshape(sizes, [pictures, count]),
    squares: sum(mul(mean(square(tokens), 2), mask)),
    words: sum(mask),
  };
}

/**
 * Mean over slots of `log(size of the slot / size of the captions' embeddings)^2`; sizes are root mean squares.
 * The logarithm, because a fresh ST may start many times too large, and must not drown the other terms then.
 * @param sizes `[P, K]`
 * @param real `[P]`, 1 for a picture that counts. Absent: all do.
 */
function sizeDifference(sizes: Tensor2D, wanted: Scalar, real?: Tensor1D): Scalar {
  const byPicture = mean(square(log(div(sizes, wanted))), 1); // [P]
  return real ? div(sum(mul(byPicture, real)), maximum(sum(real), 1)) : (mean(byPicture) as Scalar);
}
