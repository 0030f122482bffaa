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
import { encodePictures } from '../../compose/encode-pictures.js';
import type { ContrastVectors } from './collect-vectors.js';
import { comparisonCost, contrastMetrics } from './contrast-metrics.js';
import type { ContrastTexts } from './contrast-texts/contrast-texts.js';
import { ENCODER_TEXTS } from './contrast-texts/encoder-texts.js';
import type { ContrastiveOptions } from './contrastive-options.js';
import { drawParameter } from './draw-parameter.js';
import { featureSize, featuresRead, readsTokensAlone } from './features-read.js';
import { meanOverRows, picturesSpokenOf } from './masked-means.js';
import { meanOfViews, viewsOf } from './picture-views.js';
import { joinPreparations, preparedBatches } from './prepared-batches.js';
import { CaptionSimilarity } from './similar-captions.js';
import { type ComparedPictures, stepComparison } from './step-comparison.js';
import { guessingOneOf, symmetricContrast } from './symmetric-contrast.js';

/** CLIP clips its learnt scale there (Radford et al. 2021, section 2.5). */
const GREATEST_SCALE = 100;

/**
 * Adapts the encoder to the training pairs: symmetric InfoNCE of what the ST reads against a text side that
 * exists during training alone (Radford et al. 2021, CLIP; as adaptation before fusion LLM2CLIP, CG-VLM), or against the text
 * tower that was published beside it.
 * Captions of one picture are averaged. Soft targets spare pictures that are described alike (SoftCLIP, Gao et al. 2023,
 * arXiv:2303.17561). Held out: `loss`, `retrieval@1`, `retrieval@5` (picture to caption
 * over the split) and `neighbour-agreement`. A trained text side starts from nothing, so before the segment the first
 * three say little; `neighbour-agreement` looks at those features alone that the ST reads, and is what a gate
 * should compare.
 */
export function createContrastiveObjective(
  options: ContrastiveOptions,
  { random, parts, rows }: ObjectivePluginContext,
  text: ContrastTexts,
): Objective {
  const { labelSmoothing, softTargets, textLearningRate } = options;
  const readsTokens = options.source === 'st' && readsTokensAlone(parts.st);
  const width = readsTokens ? parts.encoder.tokenSize : parts.encoder.pooledSize;
  // A published text tower shares a space with the pooled vector.
  const projection = text.sharesSpace
    ? undefined
    : drawParameter('picture.projection', [width, text.size], 'weight', random, width ** -0.5);
  const logScale = drawParameter('log-scale', [], 'gate', random, 0);
  const start = scalar(Math.log(1 / options.temperature));
  logScale.variable.assign(start);
  start.dispose();
  const own = [...(projection ? [projection] : []), logScale];
  const parameters = [...text.parameters(), ...own];

  const vectorsOf = (model: ModelParts, batch: Batch, context: ObjectiveContext): ContrastVectors => {
    const features = encodePictures(model, batch, context);
    const compared = (readsTokens ? mean(features.tokens!, 1) : features.pooled!) as Tensor2D; // [P, width]
    const { vectors, mask } = text.encode(batch, context); // [R, D]
    return {
      encoded: featuresRead(model.st, features),
      pictures: projection ? linear(compared, projection.variable as unknown as Tensor2D) : compared, // [P, D]
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
  const preparation = joinPreparations([text.preparation, similarity?.preparation]);
  const comparedOf = (model: ModelParts, batch: Batch, context: ObjectiveContext) => {
    const { pictures, captions, mask } = vectorsOf(model, batch, context);
    // [P, views, D] or [P, D], [P, D]
    return { pictures: viewsOf(pictures, batch), texts: meanOverRows(captions, mask, batch), mask };
  };

  return {
    name: 'contrastive',
    uses: { encoder: true, st: false, llm: false },
    reads: [readsTokens ? 'tokens' : 'pooled', ...parts.st.reads],
    // How alike pictures are is asked of the whole step by processes that share it; texts are each row's own.
    ...(preparation && { preparation: { ...preparation, byRow: true } }),
    takesViews: true,
    parameters: () => parameters,
    learningRateOf: (name) =>
      name.startsWith(ENCODER_TEXTS) && text.sharesSpace ? textLearningRate : undefined,
    guessingLoss: guessingOneOf,
    loss(model, batch, context) {
      const { pictures, texts, mask } = comparedOf(model, batch, context);
      const real = picturesSpokenOf(mask, batch);
      context.weigh?.(real ? sum(real) : scalar(batch.pictureCount));
      return lossOf({ pictures, texts, real }, batch.prepared);
    },
    comparison: stepComparison({ rows, similarity, vectors: comparedOf, loss: lossOf }),
    comparisonCost: (model, split) =>
      comparisonCost(split, { compared: text.size, encoded: featureSize(model) }),
    async evaluate(model, batches, context) {
      const [value] = await logScale.variable.data();
      const scale = Math.min(Math.exp(value!), GREATEST_SCALE);
      const prepared = preparedBatches(batches, text.preparationFor?.(context.rows ?? []), model, context);
      return contrastMetrics(prepared, (batch) => vectorsOf(model, batch, context), scale, context);
    },
    dispose() {
      text.dispose();
      for (const { variable } of own) variable.dispose();
    },
  };
}
