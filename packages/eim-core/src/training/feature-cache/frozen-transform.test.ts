import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EncodedImages, Injection, ModelParts, TransformContext } from '@eim/contracts/model';
import { inShapesPass, startEngine } from '@eim/engine';
import { add, memory, mul, type Tensor3D, tensor2d, tile } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFeatureFolder } from '../../node/feature-cache/feature-folder.js';
import type { SegmentInput } from '../../plan/segment-schema.js';
import { createTinyTokenizer } from '../../testing/tiny-parts/tiny-tokenizer.js';
import { planMultiplyAdds } from '../budget/plan-multiply-adds.js';
import type { TrainPlanOptions } from '../run/train-options.js';
import { trainPlan } from '../run/train-plan.js';
import { doubleValues } from '../test-support/double-values.js';
import { TINY_WORDS } from '../test-support/tiny-dataset.js';
import { TINY_MIXED_WORDS, tinyMixedDataset } from '../test-support/tiny-rows.js';
import { type TinyRun, tinyRun, tinySegment } from '../test-support/tiny-run.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'eim-slots-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const all = { select: 'full', learningRate: 0.02 } as const;
const gate = { metric: 'loss', split: 'val', direction: 'min' } as const;
const llmAlone = (changes: Partial<SegmentInput> = {}): SegmentInput =>
  tinySegment({ learn: { llm: all }, gate, until: { steps: 6 }, ...changes });

/** Pictures that the ST was run on, shapes apart. */
function countTransformed({ st }: ModelParts): () => number {
  let pictures = 0;
  const transform = st.transform.bind(st);
  st.transform = (features, context) => {
    if (!inShapesPass()) pictures += context.batch;
    return transform(features, context);
  };
  return () => pictures;
}

/** Rows with and without pictures, through the linear ST. */
function mixedRows(segments: readonly SegmentInput[], more: Partial<TrainPlanOptions> = {}): TinyRun {
  const tokenizer = createTinyTokenizer([...TINY_WORDS, ...TINY_MIXED_WORDS]);
  const dataset = tinyMixedDataset({ train: 8, val: 4 });
  return tinyRun(segments, { tokenizer, dataset, textLengths: [7, 9, 12], ...more });
}

const CASES = [
  ['captions', llmAlone(), tinyRun, 32 + 32],
  [
    'rows with and without pictures',
    llmAlone({ captionsPerPicture: 1, batchSize: 4, until: { steps: 9 } }),
    mixedRows,
    32 + 32,
  ],
  [
    'views',
    llmAlone({ data: { split: 'train', augment: ['quarter-turns'], cachedViews: 2 } }),
    tinyRun,
    64 + 32,
  ],
] as const;

describe.each(['cpu', 'wasm'] as const)('a frozen ST behind a frozen encoder, on %s', (engine) => {
  beforeAll(async () => void (await startEngine({ engine })));

  it.each(CASES)('runs once a picture, and ends as where it runs at every step: %s', async (...useCase) => {
    const [, segment, make, pictures] = useCase;
    const cached = make([segment]);
    const cost = await planMultiplyAdds(cached.options);
    const transformed = countTransformed(cached.model);
    const tensors = memory().numTensors;
    const result = await trainPlan(cached.options);
    expect(memory().numTensors).toBe(tensors);
    // Beside chunks of the training and held-out pictures, 2 rows look for missing kernels.
    expect(transformed()).toBe(pictures + 2);
    for (const { perStepBy } of cost.segments[0]!.byLength)
      expect(perStepBy).toMatchObject({ encoder: 0, st: 0 });
    expect(cost.total).toBe(result.multiplyAdds.training + result.multiplyAdds.encoding);

    const off = make([segment], { featureCache: 'off' });
    await trainPlan(off.options);
    expect(off.weights()).toEqual(cached.weights());

    // What reads prompts is never cached; this one has none to read.
    const without = make([segment]);
    Object.assign(without.model.st, { readsPrompts: true });
    const ran = countTransformed(without.model);
    await trainPlan(without.options);
    expect(ran()).not.toBe(pictures + 2);
    for (const [name, values] of cached.weights()) {
      const wanted = without.weights().get(name)!;
      const difference = values.map((value, index) => Math.abs(value - wanted[index]!));
      expect(Math.max(...difference), name).toBeLessThan(2e-5);
    }
    for (const run of [cached, off, without]) run.dispose();
  });
});

describe('what a frozen ST gives', () => {
  beforeAll(async () => void (await startEngine({ engine: 'cpu' })));

  it('is shared between runs by the weights of encoder and ST', async () => {
    const featureCache = createFeatureFolder(folder);
    const counts = async (part?: 'encoder' | 'st' | 'llm') => {
      const { gate: _, ...segment } = llmAlone({ until: { steps: 1 } });
      const run = tinyRun([segment], { featureCache });
      if (part) doubleValues(run.model[part].parameters()[0]!);
      const { encoded, read } = (await trainPlan(run.options)).featureCache;
      run.dispose();
      return [encoded, read];
    };
    expect(await counts()).toEqual([24, 0]);
    expect(await counts()).toEqual([0, 24]);
    expect(await counts('llm')).toEqual([0, 24]);
    expect(await counts('st')).toEqual([24, 0]);
    expect(await counts('encoder')).toEqual([24, 0]);
  });

  it('is made anew by a segment after the ST has learnt', async () => {
    const run = tinyRun([
      llmAlone({ name: 'before' }),
      tinySegment({ name: 'st', learn: { st: all }, until: { steps: 2 } }),
      llmAlone({ name: 'after' }),
      llmAlone({ name: 'again' }),
    ]);
    const cost = await planMultiplyAdds(run.options);
    const { segments } = await trainPlan(run.options);
    expect(cost.segments.map(({ encodedPictures }) => encodedPictures)).toEqual([24, 24, 24, 0]);
    expect(segments.map(({ multiplyAdds }) => multiplyAdds.encoding)).toEqual(
      cost.segments.map(({ encoding }) => encoding),
    );
    run.dispose();
  });

  it.each([
    [
      'words of the LLM, which learn',
      (plain: Injection, { embed, batch }: TransformContext): Injection => {
        const word = embed(tile(tensor2d([[4, 5]], [1, 2], 'int32'), [batch, 1])); // [P, 2, H]
        return { prefix: { embeddings: add(plain.prefix!.embeddings, word) as Tensor3D } };
      },
    ],
    [
      'more than a prefix',
      (plain: Injection): Injection => ({
        ...plain,
        blockAdapters: new Map([['blocks.0.attention.input', { apply: (hidden) => mul(hidden, 2) }]]),
      }),
    ],
  ] as const)('is not kept where it holds %s', async (_, change) => {
    const run = tinyRun([llmAlone()]);
    const { st } = run.model;
    const transform = st.transform.bind(st);
    st.transform = (features: EncodedImages, context) => change(transform(features, context), context);
    const transformed = countTransformed(run.model);
    const result = await trainPlan(run.options);
    expect(result.segments[0]!.features).toBe('cached');
    expect(transformed()).toBeGreaterThan(6 * 6);
    run.dispose();
  });
});
