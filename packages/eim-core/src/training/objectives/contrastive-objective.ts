import type {
  Batch,
  ModelParts,
  Objective,
  ObjectiveContext,
  ObjectivePluginContext,
  Tensor,
  Tensor2D,
} from '@eim/contracts/model';
import { linear } from '@eim/engine';
import { exp, mean, minimum, type Scalar, scalar, sum } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { encodePictures } from '../../compose/encode-pictures.js';
import type { ContrastVectors } from './collect-vectors.js';
import { comparisonCost, contrastMetrics } from './contrast-metrics.js';
import { drawParameter } from './draw-parameter.js';
import { featureSize, featuresRead, readsTokensAlone } from './features-read.js';
import { meanOverRows, picturesSpokenOf } from './masked-means.js';
import { meanOfViews, viewsOf } from './picture-views.js';
import { CaptionSimilarity } from './similar-captions.js';
import { type ComparedPictures, stepComparison } from './step-comparison.js';
import { guessingOneOf, symmetricContrast } from './symmetric-contrast.js';
import { TrainingTextSide } from './training-text-side.js';

export const contrastiveOptionsSchema = z.strictObject({
  /** Width of the training-only text side. @default 128 */
  textWidth: z.int().min(1).default(128),
  /** Width of the space in which pictures and texts are compared. @default 128 */
  projectionSize: z.int().min(1).default(128),
  /** Temperature at the start; it is learnt. @default 0.07 */
  temperature: z.number().gt(0).max(1).default(0.07),
  /** @default 0 */
  labelSmoothing: z.number().min(0).lt(1).default(0),
  /**
   * Which of the encoder's outputs is compared: what the ST reads, of tokens their mean; or the pooled vector, be it read or not.
   * @default 'st'
   */
  source: z.enum(['st', 'pooled']).default('st'),
  /** Share of the target that goes to pictures of similar captions, by their words (tf-idf). @default 0 */
  softTargets: z.number().min(0).lt(1).default(0),
});

export type ContrastiveOptions = z.output<typeof contrastiveOptionsSchema>;

/** CLIP clips its learnt scale there (Radford et al. 2021, section 2.5). */
const GREATEST_SCALE = 100;

/**
 * Adapts the encoder to the training pairs: symmetric InfoNCE of what the ST reads against a text side that
 * exists during training alone (Radford et al. 2021, CLIP; as adaptation before fusion LLM2CLIP, CG-VLM).
 * Captions of one picture are averaged. Soft targets spare pictures that are described alike (SoftCLIP, Gao et al. 2023,
 * arXiv:2303.17561). Held out: `loss`, `retrieval@1`, `retrieval@5` (picture to caption
 * over the split) and `neighbour-agreement`. The text side starts from nothing, so before the segment the first
 * three say little; `neighbour-agreement` looks at those features alone that the ST reads, and is what a gate
 * should compare.
 */
export function createContrastiveObjective(
  options: ContrastiveOptions,
  { random, parts, rows }: ObjectivePluginContext,
): Objective {
  const { vocabularySize, contextLength, specialTokens } = parts.llm;
  const { projectionSize, textWidth, labelSmoothing, softTargets } = options;
  const readsTokens = options.source === 'st' && readsTokensAlone(parts.st);
  const width = readsTokens ? parts.encoder.tokenSize : parts.encoder.pooledSize;
  const text = new TrainingTextSide({
    vocabularySize,
    projectionSize,
    specialTokens,
    random,
    width: textWidth,
    // A row's last token is predicted and never read, so rows may be one longer than the context.
    textLength: contextLength + 1,
  });
  const shape = [width, projectionSize];
  const projection = drawParameter('picture.projection', shape, 'weight', random, width ** -0.5);
  const logScale = drawParameter('log-scale', [], 'gate', random, 0);
  const start = scalar(Math.log(1 / options.temperature));
  logScale.variable.assign(start);
  start.dispose();
  const parameters = [...text.parameters(), projection, logScale];

  const vectorsOf = (model: ModelParts, batch: Batch, context: ObjectiveContext): ContrastVectors => {
    const features = encodePictures(model, batch, context);
    const compared = (readsTokens ? mean(features.tokens!, 1) : features.pooled!) as Tensor2D; // [P, width]
    const { vectors, mask } = text.encode(batch); // [R, D]
    return {
      encoded: featuresRead(model.st, features),
      pictures: linear(compared, projection.variable as unknown as Tensor2D), // [P, D]
      captions: vectors,
      mask,
    };
  };

  const similarity = softTargets > 0 ? new CaptionSimilarity(rows) : undefined;
  const lossOf = (
    { pictures, texts, real }: ComparedPictures<Tensor>,
    { similar }: { readonly similar?: Tensor | undefined } = {},
  ) => {
    const scale = minimum(exp(logScale.variable), GREATEST_SCALE) as Scalar;
    const soft = similar && { softTargets, similar: similar as Tensor2D };
    return meanOfViews(pictures, (view) =>
      symmetricContrast(view, texts, scale, { labelSmoothing, real, ...soft }),
    );
  };
  const comparedOf = (model: ModelParts, batch: Batch, context: ObjectiveContext) => {
    const { pictures, captions, mask } = vectorsOf(model, batch, context);
    // [P, views, D] or [P, D], [P, D]
    return { pictures: viewsOf(pictures, batch), texts: meanOverRows(captions, mask, batch), mask };
  };

  return {
    name: 'contrastive',
    uses: { encoder: true, st: false, llm: false },
    reads: [readsTokens ? 'tokens' : 'pooled', ...parts.st.reads],
    ...(similarity && { preparation: similarity.preparation }),
    takesViews: true,
    parameters: () => parameters,
    guessingLoss: guessingOneOf,
    loss(model, batch, context) {
      const { pictures, texts, mask } = comparedOf(model, batch, context);
      const real = picturesSpokenOf(mask, batch);
      context.weigh?.(real ? sum(real) : scalar(batch.pictureCount));
      return lossOf({ pictures, texts, real }, batch.prepared);
    },
    comparison: stepComparison({ rows, similarity, vectors: comparedOf, loss: lossOf }),
    comparisonCost: (model, split) =>
      comparisonCost(split, { compared: projectionSize, encoded: featureSize(model) }),
    async evaluate(model, batches, context) {
      const [value] = await logScale.variable.data();
      const scale = Math.min(Math.exp(value!), GREATEST_SCALE);
      return contrastMetrics(batches, (batch) => vectorsOf(model, batch, context), scale, context);
    },
    dispose() {
      for (const { variable } of parameters) variable.dispose();
    },
  };
}
