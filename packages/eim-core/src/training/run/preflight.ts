import { EimError } from '@eim/contracts';
import type { Batch } from '@eim/contracts/model';
import { currentEngine, missingKernels, variableGradsRecomputing } from '@eim/engine';
import type { Scalar } from '@tensorflow/tfjs-core';
import type { Segment } from '../../plan/segment-schema.js';
import { choosePictures } from '../data/batch-pictures.js';
import { disposeBatch } from '../data/batch-tensors.js';
import { buildBatch } from '../data/build-batch.js';
import { firstPatches, patchViews } from '../data/patch-views.js';
import { targetCapacity } from '../data/text-lengths.js';
import { lengthFor } from '../data/tokenised-rows.js';
import { compareZeros } from '../gradient-caching/compare-zeros.js';
import { comparisonOf } from '../gradient-caching/comparison-of.js';
import { learningParameters } from '../optimizer/learning-parameter.js';
import { prepareZeros } from '../prepare-batch.js';
import { segmentParts } from './segment-parts.js';
import type { TrainingEnvironment } from './training-environment.js';

/**
 * Takes the loss and gradients of every segment once, on black pictures and real texts, before anything is
 * trained: what the engine cannot do is known at the start and not after hours.
 * @throws EimError `missing-kernel` naming every segment's missing kernels
 */
export async function preflight(
  environment: TrainingEnvironment,
  segments: readonly Segment[],
): Promise<void> {
  const missing = new Map<string, readonly string[]>();
  for (const segment of segments) {
    const kernels = await kernelsMissingIn(environment, segment);
    if (kernels.length > 0) missing.set(segment.name, kernels);
  }
  if (missing.size === 0) return;
  const engine = currentEngine()?.name ?? 'this engine';
  const list = [...missing].map(([name, kernels]) => `${kernels.join(', ')} in segment '${name}'`);
  throw new EimError({
    code: 'missing-kernel',
    message: `The engine '${engine}' lacks kernels that this plan needs: ${list.join('; ')}.`,
    advice: 'Choose another engine with --engine; `eim engine list` says which start here.',
    data: { engine, missing: Object.fromEntries(missing) },
  });
}

async function kernelsMissingIn(environment: TrainingEnvironment, segment: Segment): Promise<string[]> {
  const { model, random } = environment;
  const stream = random.fork(`preflight.${segment.name}`);
  const objective = await environment.objective(segment, stream);
  const plain = trialBatch(environment, segment, objective.uses.encoder || objective.uses.st);
  let batch: Batch = plain;
  try {
    const parts = segmentParts(model, segment);
    const learning = learningParameters(model, objective, segment);
    const variables = learning.map(({ parameter }) => parameter.variable);
    const context = { training: true, random: stream };
    batch = prepareZeros(objective, parts, plain);
    const comparison = comparisonOf(objective, segment);
    if (comparison)
      return missingKernels(() => compareZeros(comparison, { parts, batch, context, learning }));
    return missingKernels(() => {
      variableGradsRecomputing(() => objective.loss(parts, batch, context) as Scalar, variables);
    });
  } finally {
    disposeBatch(batch);
    objective.dispose?.();
  }
}

/** Two rows, enough for objectives that contrast; one with and one without a picture where the split has both. */
function trialBatch(environment: TrainingEnvironment, { data }: Segment, withPictures: boolean) {
  const texts = environment.texts(data.split);
  const pictures = environment.rowPictures(data.split);
  const shown = pictures.ofRow.findIndex((picture) => picture >= 0);
  const other = pictures.someTextAlone
    ? pictures.ofRow.indexOf(-1)
    : pictures.ofRow.findIndex((_, row) => row > shown);
  const chosen = [Math.max(0, shown), other < 0 ? Math.max(0, shown) : other];
  const rows = chosen.map((index) => ({ index, tokens: texts.rows[index]![0]! }));
  const length = lengthFor(
    texts,
    rows.map(({ tokens }) => tokens),
  );
  const trial = choosePictures(pictures, chosen, 1);
  const side = environment.pixels.imageSize;
  const views = patchViews(environment.model.encoder, data);
  const hasPictures = withPictures && trial.slots > 0;
  return buildBatch({
    rows,
    padId: environment.options.tokenizer.specialTokens.pad,
    pictures: hasPictures ? trial : { ...trial, slots: 0, someTextAlone: false, mayHaveFilling: false },
    texts,
    textLength: length.length,
    targetCapacity: targetCapacity(length, rows.length),
    ...(hasPictures && { pixels: { data: new Float32Array(trial.slots * side * side * 3), side } }),
    ...(hasPictures && views && { keptPatches: firstPatches(views, trial.slots) }),
  }).batch;
}
