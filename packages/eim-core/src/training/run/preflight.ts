import { EimError } from '@eim/contracts';
import { currentEngine, missingKernels } from '@eim/engine';
import { type Scalar, variableGrads } from '@tensorflow/tfjs-core';
import type { Segment } from '../../plan/segment-schema.js';
import { buildBatch } from '../data/build-batch.js';
import { disposeBatch } from '../data/dispose-batch.js';
import { targetCapacity } from '../data/target-capacity.js';
import { learningParameters } from '../optimizer/learning-parameter.js';
import { createObjective } from './create-objective.js';
import { freezeParts } from './freeze-parts.js';
import type { TrainingEnvironment } from './training-environment.js';

/** Enough for objectives that contrast pictures with each other. */
const PICTURES = 2;

/**
 * Takes the loss and gradients of every segment once, on black pictures and real captions, before anything is
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
  const { model, options, random } = environment;
  const stream = random.fork(`preflight.${segment.name}`);
  const objective = await createObjective(segment, model, stream, options.objectives);
  const batch = trialBatch(environment, segment, objective.uses.encoder || objective.uses.st);
  try {
    const parts = freezeParts(model, segment.learn);
    const variables = learningParameters(model, objective, segment).map(
      ({ parameter }) => parameter.variable,
    );
    const context = { training: true, random: stream };
    return missingKernels(() => {
      variableGrads(() => objective.loss(parts, batch, context) as Scalar, variables);
    });
  } finally {
    disposeBatch(batch);
    objective.dispose?.();
  }
}

function trialBatch(environment: TrainingEnvironment, { data }: Segment, withPictures: boolean) {
  const captions = environment.captions(data.split);
  const rows = Array.from(
    { length: PICTURES },
    (_, index) => captions.rows[index % captions.rows.length]![0]!,
  );
  const side = environment.pixels.imageSize;
  return buildBatch({
    rows,
    captionsPerPicture: 1,
    padId: environment.options.tokenizer.specialTokens.pad,
    textLength: captions.textLength,
    firstTarget: captions.firstTarget,
    targetCapacity: targetCapacity(captions, PICTURES),
    ...(withPictures && { pixels: { data: new Float32Array(PICTURES * side * side * 3), side } }),
  }).batch;
}
