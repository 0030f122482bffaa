import type { Batch, Objective, ObjectiveContext } from '@eim/contracts/model';
import { createRandomStream, startEngine } from '@eim/engine';
import { concat, dispose, memory, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { PART_NAMES } from '../../compose/composed-model.js';
import type { SegmentInput } from '../../plan/segment-schema.js';
import { checkGradients } from '../../testing/check-gradients.js';
import { disposeBatch } from '../data/batch-tensors.js';
import { prepareBatch } from '../prepare-batch.js';
import { createObjective } from '../run/create-objective.js';
import { firstBatch } from '../test-support/first-batch.js';
import { type TinyRun, tinyMixedRun, tinyRun, tinySegment } from '../test-support/tiny-run.js';
import { wordReward } from '../test-support/word-reward.js';
import { pictureVectors } from '../word-probe/picture-vectors.js';
import { selfCriticalEntry } from './self-critical/self-critical-entry.js';

beforeAll(() => startEngine({ engine: 'cpu' }));

const WORDS = { use: 'words', options: { minimumCount: 1 } };
const SELF_CRITICAL = { use: 'self-critical', options: { reward: 'words' } };
const OBJECTIVES: readonly SegmentInput['objective'][] = [
  'caption',
  { use: 'caption', options: { labelSmoothing: 0.1 } },
  { use: 'contrastive', options: { textWidth: 6, projectionSize: 5 } },
  { use: 'contrastive', options: { textWidth: 6, softTargets: 0.3, source: 'pooled' } },
  'embedding-alignment',
  'language',
  WORDS,
  { ...WORDS, use: 'slot-words' },
  SELF_CRITICAL,
  { use: 'caption', auxiliary: [{ ...SELF_CRITICAL, weight: 0.5 }] },
  { use: 'caption', auxiliary: [{ ...WORDS, weight: 0.3 }] },
  {
    use: 'caption',
    auxiliary: [
      { use: 'contrastive', options: { textWidth: 6 }, weight: 0.5 },
      { ...WORDS, weight: 2 },
    ],
  },
];

/** One batch of a run's training rows with what its objective prepares, and the objective. */
async function firstStep(run: TinyRun) {
  const { model, options } = run;
  const { tokenizer, plan } = options;
  const [segment] = plan.segments;
  const { rows, pixels, batch } = await firstBatch(run);
  const objective = await createObjective(
    segment!,
    { random: createRandomStream('objective'), parts: model, tokenizer, rows },
    { 'self-critical': selfCriticalEntry({ words: wordReward }) },
  );
  await objective.begin?.(model, {
    pictureVectors: (pictures) => pictureVectors(model, pixels, pictures),
  });
  const context = { training: true, random: createRandomStream(1) };
  return { objective, batch: await prepareBatch(objective, model, batch, context), context };
}

/** Everything that an objective reaches; the LLM's embeddings are a fixed target of the alignment. */
const FIXED_EMBEDDINGS = ['embedding-alignment', 'slot-words'];
const parametersOf = ({ model }: TinyRun, { name, uses, parameters }: Objective) => [
  ...PART_NAMES.filter((part) => uses[part] && !(part === 'llm' && FIXED_EMBEDDINGS.includes(name))).flatMap(
    (part) => model[part].parameters(),
  ),
  ...(parameters?.() ?? []),
];

it.each(OBJECTIVES.filter((use) => JSON.stringify(use).match(/^."use":"(contrastive|words)/)))(
  'gradients agree with finite differences, two views of half the patches: %j',
  async (objectiveUse) => {
    const run = tinyRun([tinySegment({ objective: objectiveUse })]);
    const { objective, batch: whole, context } = await firstStep(run);
    const keptPatches = tensor2d(
      Array.from({ length: 2 * whole.pictureCount }, (_, row) => [row % 3, 3]),
      undefined,
      'int32',
    );
    const batch = { ...whole, keptPatches };
    await checkGradients(parametersOf(run, objective), () => [objective.loss(run.model, batch, context)]);
    if (objective.comparison) await checkComparison(run, objective, batch, context);
    disposeBatch(batch);
    objective.dispose?.();
    run.dispose();
  },
);

/** The batch beside itself: the pictures of both are merged. */
async function checkComparison(run: TinyRun, objective: Objective, batch: Batch, context: ObjectiveContext) {
  const comparison = objective.comparison!;
  const vectorsOf = () => comparison.vectors(run.model, batch, context);
  // auxiliary losses that compare nothing: the loss of one batch tells all of theirs
  if (tidy(() => Object.keys(vectorsOf()).length === 0)) return;
  const prepared = await comparison.preparation!.prepare(run.model, [batch, batch]);
  await checkGradients(parametersOf(run, objective), () => {
    const vectors = Object.entries(vectorsOf());
    const both = vectors.map(([name, vector]) => [name, concat([vector, vector])] as const);
    return [comparison.loss(Object.fromEntries(both), prepared)];
  });
  dispose({ ...prepared });
}

/** Of captions alone. */
const RETRIEVED = { use: 'retrieved-captions', options: { retrieved: 0.6, labelSmoothing: 0.1 } };

for (const [kind, start, objectives] of [
  ['captions', tinyRun, [...OBJECTIVES, RETRIEVED]],
  ['questions and text', tinyMixedRun, OBJECTIVES],
] as const) {
  it.each(objectives)(`gradients agree with finite differences, ${kind}: %j`, async (objectiveUse) => {
    const run = start([tinySegment({ objective: objectiveUse })]);
    const tensors = memory().numTensors;
    const { objective, batch, context } = await firstStep(run);
    await checkGradients(parametersOf(run, objective), () => [objective.loss(run.model, batch, context)]);
    if (objective.comparison) await checkComparison(run, objective, batch, context);
    disposeBatch(batch);
    objective.dispose?.();
    expect(memory().numTensors).toBe(tensors);
    run.dispose();
  });
}
