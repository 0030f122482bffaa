import type { Objective } from '@eim/contracts/model';
import { createRandomStream, startEngine } from '@eim/engine';
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { PART_NAMES } from '../../compose/composed-model.js';
import type { SegmentInput } from '../../plan/segment-schema.js';
import { checkGradients } from '../../testing/check-gradients.js';
import { disposeBatch } from '../data/batch-tensors.js';
import { MemoryBudget } from '../data/memory-budget.js';
import { PixelStore } from '../data/pixel-store.js';
import { findRowPictures } from '../data/row-pictures.js';
import { tokeniseRows } from '../data/tokenised-rows.js';
import { TrainingBatches } from '../data/training-batches.js';
import { prepareBatch } from '../prepare-batch.js';
import { createObjective } from '../run/create-objective.js';
import { type TinyRun, tinyMixedRun, tinyRun, tinySegment } from '../test-support/tiny-run.js';

beforeAll(() => startEngine({ engine: 'cpu' }));

const WORDS = { use: 'words', options: { minimumCount: 1 } };
const OBJECTIVES: readonly SegmentInput['objective'][] = [
  'caption',
  { use: 'caption', options: { labelSmoothing: 0.1 } },
  { use: 'contrastive', options: { textWidth: 6, projectionSize: 5 } },
  { use: 'contrastive', options: { textWidth: 6, softTargets: 0.3, source: 'pooled' } },
  'embedding-alignment',
  'language',
  WORDS,
  { ...WORDS, use: 'slot-words' },
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
async function firstStep({ model, options }: TinyRun) {
  const { dataset, tokenizer, preprocess, textLengths } = options;
  const [segment] = options.plan.segments;
  const rows = dataset.split('train');
  const texts = tokeniseRows(rows, tokenizer, {
    maxTokens: undefined,
    lengths: textLengths,
    greatestLength: 16,
  });
  const pixels = new PixelStore(preprocess!, model.encoder.preprocessing, new MemoryBudget(2 ** 20));
  const data = {
    rows,
    texts,
    pictures: findRowPictures(rows),
    padId: tokenizer.specialTokens.pad,
    images: { pixels },
  };
  const batches = new TrainingBatches(
    { ...data, mixture: undefined },
    {
      batchSize: 5,
      captionsPerPicture: 2,
      augment: [],
      random: createRandomStream('rows'),
      state: undefined,
    },
  );
  const objective = await createObjective(segment!, {
    random: createRandomStream('objective'),
    parts: model,
    tokenizer,
    rows,
  });
  const { batch } = await batches.next();
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

for (const [kind, start] of [
  ['captions', tinyRun],
  ['questions and text', tinyMixedRun],
] as const) {
  it.each(OBJECTIVES)(`gradients agree with finite differences, ${kind}: %j`, async (objectiveUse) => {
    const run = start([tinySegment({ objective: objectiveUse })]);
    const tensors = memory().numTensors;
    const { objective, batch, context } = await firstStep(run);
    await checkGradients(parametersOf(run, objective), () => [objective.loss(run.model, batch, context)]);
    disposeBatch(batch);
    objective.dispose?.();
    expect(memory().numTensors).toBe(tensors);
    run.dispose();
  });
}
