import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandomStream, startEngine } from '@eim/engine';
import { memory } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCheckpointFolder } from '../../../node/checkpoints/checkpoint-folder.js';
import type { SegmentInput } from '../../../plan/segment-schema.js';
import { disposeBatch } from '../../data/batch-tensors.js';
import { captionedPictures } from '../../data/captioned-pictures.js';
import { prepareBatch } from '../../prepare-batch.js';
import { createObjective } from '../../run/create-objective.js';
import { trainPlan } from '../../run/train-plan.js';
import { firstBatch } from '../../test-support/first-batch.js';
import { tinyDataset } from '../../test-support/tiny-dataset.js';
import { tinyMixedRun, tinyRun, tinySegment } from '../../test-support/tiny-run.js';
import { pictureVectors } from '../../word-probe/picture-vectors.js';
import { retrieveCaptions } from './retrieve-captions.js';

beforeAll(() => startEngine({ engine: 'wasm' }));

const objective = { use: 'retrieved-captions', options: { retrieved: 0.5, nearest: 3 } };
const learn = { select: 'full', learningRate: 0.02 } as const;

describe('retrieveCaptions', () => {
  const KINDS = [
    'a river under a bridge',
    'a forest of trees',
    'an airport with a runway',
    'a desert of sand',
  ];
  const features = Array.from({ length: 40 }, (_, picture) =>
    KINDS.map((_, kind) => +(picture % 4 === kind)),
  );
  const captions = features.map((_, picture) => [
    `${KINDS[picture % 4]}`,
    `${KINDS[picture % 4]} ${picture}`,
  ]);

  it('finds what is said of pictures that look alike, and never a sentence of the picture alone', async () => {
    const retrieved = await retrieveCaptions({ features, captions }, 4);
    for (const [picture, sentences] of retrieved.entries()) {
      expect(sentences).toHaveLength(4);
      for (const sentence of sentences) expect(sentence).toContain(KINDS[picture % 4]);
      expect(sentences).not.toContain(captions[picture]![1]);
      expect(sentences).toContain(captions[picture]![0]);
    }
  });

  it('does not look at what is said of a picture to find sentences for it', async () => {
    const lying = captions.map((own, picture) => (picture === 0 ? [KINDS[1]!, `${KINDS[1]} 0`] : own));
    const [retrieved] = await retrieveCaptions({ features, captions: lying }, 3);
    for (const sentence of retrieved!) expect(sentence).toContain(KINDS[0]);
  });
});

describe('retrieved captions', () => {
  it('stand in the places of a share of the rows, behind the tokens that all texts begin with', async () => {
    const run = tinyRun([
      tinySegment({ objective: { ...objective, options: { retrieved: 1, nearest: 2 } } }),
    ]);
    const { model, options } = run;
    const tensors = memory().numTensors;
    const { rows, pixels, batch } = await firstBatch(run);
    const context = { random: createRandomStream(2), parts: model, tokenizer: options.tokenizer, rows };
    const made = await createObjective(options.plan.segments[0]!, context);
    const pass = { training: true, random: createRandomStream(3) };
    await expect(prepareBatch(made, model, batch, pass)).rejects.toMatchObject({ code: 'invalid-argument' });
    await made.begin!(model, { pictureVectors: (pictures) => pictureVectors(model, pixels, pictures) });
    const prepared = await prepareBatch(made, model, batch, pass);
    const ids = (await prepared.prepared!.givenIds!.array()) as number[][];
    const indices = await batch.rowIndices.data();
    const all = [...captionedPictures(rows).values()].flatMap(({ captions }) => captions);
    const { begin, end } = options.tokenizer.specialTokens;
    for (const [at, row] of ids.entries()) {
      expect(row[0]).toBe(begin);
      const text = options.tokenizer.decode(row.slice(1, row.indexOf(end)));
      expect(all).toContain(text);
      const { fingerprint } = rows[indices[at]!]!.picture!;
      const others = rows.filter(({ picture }) => picture!.fingerprint !== fingerprint);
      expect(others.flatMap(({ answers }) => answers)).toContain(text);
    }
    disposeBatch(prepared);
    made.dispose?.();
    expect(memory().numTensors).toBe(tensors);
    run.dispose();
  });

  it.each([
    ['all parts', {}],
    ['behind a frozen encoder', { learn: { st: learn, llm: learn } }],
    ['behind a frozen encoder and ST', { learn: { llm: learn } }],
    ['beside another loss', { objective: { use: 'caption', auxiliary: [{ ...objective, weight: 0.5 }] } }],
  ] as const)('lower the held-out loss, without a leak: %s', async (_, changes) => {
    const gate = { metric: 'loss', split: 'val', direction: 'min' } as const;
    const segment = tinySegment({
      objective,
      gate,
      until: { steps: 40 },
      ...(changes as Partial<SegmentInput>),
    });
    const run = tinyRun([segment]);
    const tensors = memory().numTensors;
    const { segments } = await trainPlan(run.options);
    expect(memory().numTensors).toBe(tensors);
    expect(segments[0]!.gate!.after).toBeLessThan(segments[0]!.gate!.before * 0.9);
    expect(segments[0]!.multiplyAdds.encoding).toBeGreaterThan(0);
    run.dispose();
  });

  it('are refused where there are no captions of two pictures', async () => {
    for (const run of [
      tinyMixedRun([tinySegment({ objective })]),
      tinyRun([tinySegment({ objective, batchSize: 1 })], { dataset: tinyDataset({ train: 1, val: 1 }) }),
      tinyRun([tinySegment({ objective, batchSize: 2 })], { dataset: tinyDataset({ train: 3, val: 1 }) }),
    ]) {
      const tensors = memory().numTensors;
      await expect(trainPlan(run.options)).rejects.toMatchObject({ code: 'invalid-config' });
      expect(memory().numTensors).toBe(tensors);
      run.dispose();
    }
  });
});

describe('a segment of retrieved captions that is interrupted', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'eim-retrieved-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('goes on with the sentences of its start, though its encoder has learnt, to the very same bits', async () => {
    const segments = [
      tinySegment({
        objective,
        learn: { encoder: { ...learn, learningRate: 0.3 }, st: learn, llm: learn },
        until: { steps: 12 },
      }),
    ];
    const whole = tinyRun(segments);
    const expected = await trainPlan(whole.options);
    const store = { checkpoints: createCheckpointFolder(folder), resume: true };
    const cut = tinyRun(segments, store);
    const controller = new AbortController();
    const onProgress = ({ phase, step }: { phase: string; step: number }) => {
      if (phase === 'train' && step === 6) controller.abort('enough');
    };
    const stopped = trainPlan({ ...cut.options, onProgress, signal: controller.signal });
    await expect(stopped).rejects.toMatchObject({ code: 'interrupted' });
    const again = tinyRun(segments, store);
    const result = await trainPlan(again.options);
    expect(again.weights()).toEqual(whole.weights());
    expect(result.segments[0]!.multiplyAdds).toEqual(expected.segments[0]!.multiplyAdds);
    for (const run of [whole, cut, again]) run.dispose();
  });
});
