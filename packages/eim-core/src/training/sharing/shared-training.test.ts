import type { EncodeOptions, ForwardOptions, Tensor3D, Tensor4D } from '@eim/contracts/model';
import { dropout, startEngine } from '@eim/engine';
import { add, memory, mul } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SegmentInput } from '../../plan/segment-schema.js';
import type { TrainPlanOptions } from '../run/train-options.js';
import { trainPlan } from '../run/train-plan.js';
import { groupInOneProcess } from '../test-support/group-in-one-process.js';
import { tinyDataset } from '../test-support/tiny-dataset.js';
import { type TinyRun, tinyMixedRun, tinyRun, tinySegment } from '../test-support/tiny-run.js';
import { shardOf } from './row-shard.js';
import type { TrainingGroup } from './training-group.js';

type Make = (segments: readonly SegmentInput[], more?: Partial<TrainPlanOptions>) => TinyRun;

/** A tiny run whose LLM drops some of what it reads. */
const dropping: Make = (segments, more) => {
  const run = tinyRun(segments, more);
  const { llm } = run.model;
  const forward = llm.forward.bind(llm);
  llm.forward = (embeddings: Tensor3D, options: ForwardOptions = {}) => {
    const dropped = options.training ? dropout(embeddings, 0.3, options.random!) : embeddings;
    return forward(dropped as Tensor3D, options);
  };
  return run;
};

/** A tiny run whose encoder adds what it draws to what it sees. */
const noisy: Make = (segments, more) => {
  const run = tinyRun(segments, more);
  const { encoder } = run.model;
  const encode = encoder.encode.bind(encoder);
  encoder.encode = (pixels: Tensor4D, options: EncodeOptions = {}) =>
    options.training
      ? encode(add(pixels, mul(options.random!.uniformTensor([pixels.shape[0], 1, 1, 1]), 3)), options)
      : encode(pixels, options);
  return run;
};

/** One process alone in a group that adds up within its steps. */
const inSteps = (): TrainingGroup => ({
  ...groupInOneProcess(1)[0]!,
  sumInStep: (tensor) => mul(tensor, 1),
  explain: (cause) => cause,
});

async function trained(
  make: Make,
  segments: readonly SegmentInput[],
  size: number,
  groups: readonly (TrainingGroup | undefined)[] = size === 1 ? [undefined] : groupInOneProcess(size),
) {
  const runs = groups.map((group) => make(segments, group && { group }));
  const results = await Promise.all(runs.map(({ options }) => trainPlan(options)));
  const weights = runs.map((run) => run.weights());
  for (const run of runs) run.dispose();
  return { results, weights };
}

const gate = { metric: 'loss', split: 'val', direction: 'min', tolerance: 0 } as const;
const learn = { select: 'full', learningRate: 0.01 } as const;
const CONTRAST = { use: 'contrastive', options: { textWidth: 6, projectionSize: 5 } };
const SOFT = { ...CONTRAST, options: { ...CONTRAST.options, softTargets: 0.4, labelSmoothing: 0.1 } };
const WORDS = { use: 'words', weight: 0.5, options: { minimumCount: 2 } };
const LANGUAGE = { use: 'language', weight: 0.2 };
interface Case {
  readonly name: string;
  readonly segment: Partial<SegmentInput>;
  readonly make?: Make;
}

const CASES: readonly Case[] = [
  { name: 'captions', segment: {} },
  { name: 'several batches a step', segment: { accumulate: 2 } },
  { name: 'a gate by standard error', segment: { gate: { ...gate, rule: 'standard-error' } } },
  {
    name: 'augmented pictures',
    segment: { data: { split: 'train', augment: ['quarter-turns', 'zoom'] } },
  },
  {
    name: 'cached views and averaged weights',
    segment: {
      learn: { st: learn },
      data: { split: 'train', augment: ['quarter-turns'], cachedViews: 2 },
      ema: { decay: 0.9 },
    },
  },
  { name: 'draws of dropout', segment: {}, make: dropping },
  { name: 'rows with and without pictures', segment: { captionsPerPicture: 1 }, make: tinyMixedRun },
  { name: 'words', segment: { objective: 'words', learn: { encoder: learn } } },
  { name: 'a contrast of pictures with texts', segment: { objective: CONTRAST, learn: { encoder: learn } } },
  {
    name: 'a contrast over several batches a step, with soft targets',
    segment: { objective: SOFT, learn: { encoder: learn }, accumulate: 2 },
  },
  {
    name: 'a contrast of pictures that rows share, some of them in several processes',
    segment: { objective: SOFT, learn: { encoder: learn }, captionsPerPicture: 1, batchSize: 8 },
    make: tinyMixedRun,
  },
  {
    name: 'a contrast of the ST with embeddings',
    segment: { objective: 'embedding-alignment', learn: { encoder: learn, st: learn } },
  },
  {
    name: 'a contrast whose encoder draws',
    segment: { objective: CONTRAST, learn: { encoder: learn } },
    make: noisy,
  },
  { name: 'further losses', segment: { objective: { use: 'caption', auxiliary: [WORDS, LANGUAGE] } } },
  {
    name: 'further losses of rows with and without pictures, over several batches a step',
    segment: {
      objective: { use: 'caption', auxiliary: [LANGUAGE, { ...CONTRAST, weight: 0.3 }] },
      captionsPerPicture: 1,
      accumulate: 2,
    },
    make: tinyMixedRun,
  },
  {
    name: 'a contrast beside captions, and words beside both',
    segment: { objective: { use: 'caption', auxiliary: [{ ...SOFT, weight: 0.3 }, WORDS] } },
  },
  {
    name: 'words beside a contrast',
    segment: { objective: { ...CONTRAST, auxiliary: [WORDS] }, learn: { encoder: learn } },
  },
  {
    name: 'augmented pictures that rows share',
    segment: { data: { split: 'train', augment: ['zoom'] }, captionsPerPicture: 1 },
    make: tinyMixedRun,
  },
  {
    name: 'some patches of each picture',
    segment: {
      objective: CONTRAST,
      learn: { encoder: learn },
      data: { split: 'train', keepPatches: 0.5, views: 2 },
    },
  },
];

describe('a plan that several processes share', () => {
  beforeAll(async () => void (await startEngine({ engine: 'cpu' })));

  it.each(CASES)('ends as in one: $name', async ({ segment, make = tinyRun }) => {
    const segments = [tinySegment(segment)];
    const alone = await trained(make, segments, 1);
    const tensors = memory().numTensors;
    for (const size of [1, 2, 4]) {
      const groups = size === 1 ? [inSteps()] : undefined;
      const { results, weights } = await trained(make, segments, size, groups);
      for (const [rank, own] of weights.entries()) {
        for (const [name, values] of own) {
          // All processes take the same step: to the bit.
          expect(values, `${name} of ${rank}`).toEqual(weights[0]!.get(name));
          const whole = alone.weights[0]!.get(name)!;
          const largest = Math.max(...whole.map(Math.abs));
          const difference = Math.max(...values.map((value, index) => Math.abs(value - whole[index]!)));
          expect(difference, name).toBeLessThanOrEqual(1e-4 * largest);
        }
      }
      for (const { segments: ended } of results) {
        const [first] = alone.results[0]!.segments;
        expect(ended[0]!.examples).toBe(first!.examples);
        expect(ended[0]!.lastLoss).toBeCloseTo(first!.lastLoss, 3);
        expect(ended[0]!.gate?.kept).toBe(first!.gate?.kept);
        expect(ended[0]!.gate?.after).toBe(results[0]!.segments[0]!.gate?.after);
      }
    }
    expect(memory().numTensors).toBe(tensors);
  });

  it.each([
    ['captions', {}],
    ['a contrast', { objective: CONTRAST, learn: { encoder: learn } }],
  ] as const)('stops after the step in which one is told to: %s', async (_, segment) => {
    for (const groups of [[inSteps()], groupInOneProcess(2)]) {
      const stopping = new AbortController();
      const runs = groups.map((group, rank) =>
        tinyRun([tinySegment(segment)], {
          group,
          // The last one alone is told, after its third step.
          ...(rank === groups.length - 1 && { signal: stopping.signal }),
          onProgress: ({ step, phase }) => {
            if (rank === groups.length - 1 && phase === 'train' && step === 3) stopping.abort();
          },
        }),
      );
      const ended = await Promise.allSettled(runs.map(({ options }) => trainPlan(options)));
      for (const one of ended)
        expect(one).toMatchObject({ reason: { code: 'interrupted', data: { step: 4 } } });
      for (const run of runs) run.dispose();
    }
  });

  it.each([2, 4])('%d processes encode each picture once, whatever one of them has before', async (size) => {
    const data = { split: 'train', augment: ['zoom' as const], cachedViews: 2 };
    const segments = [
      // The first process alone measures on the pictures that all train on next.
      tinySegment({ until: { steps: 2 }, learn: { st: learn }, gate: { ...gate, split: 'test' } }),
      tinySegment({ name: 'next', until: { steps: 2 }, learn: { st: learn }, data: 'test' }),
      tinySegment({ name: 'views', until: { steps: 2 }, learn: { st: learn }, data }),
    ];
    const pictures = { train: 150, val: 8, test: 70 };
    const calls: number[] = [];
    const counting: Make = (segments, more) => {
      const run = tinyRun(segments, { ...more, dataset: tinyDataset(pictures) });
      const { encoder } = run.model;
      const encode = encoder.encode.bind(encoder);
      const place = calls.push(0) - 1;
      encoder.encode = (...given) => {
        calls[place]! += 1;
        return encode(...given);
      };
      return run;
    };
    const alone = await trained(counting, segments, 1);
    const [all] = calls.splice(0) as [number];
    const { results, weights } = await trained(counting, segments, size);
    const own = alone.weights[0]!;
    for (const [name, values] of weights[0]!)
      for (const [index, value] of values.entries()) expect(value).toBeCloseTo(own.get(name)![index]!, 5);
    const { encoded, multiplyAdds } = alone.results[0]!.featureCache;
    // Those of the gate's split were encoded for the gate, too.
    expect(results.at(-1)!.featureCache).toMatchObject({ encoded: encoded + pictures.test });
    expect(results.at(-1)!.multiplyAdds.encoding).toBeLessThanOrEqual(multiplyAdds);
    // The trials of kernels and shapes are each process's own.
    for (const one of calls.slice(1)) expect(one).toBeLessThan(all * (size === 2 ? 0.75 : 0.6));
  });

  it.each<{
    readonly name: string;
    readonly segment: SegmentInput;
    readonly why: string;
    readonly make?: Make;
  }>([
    {
      name: 'fewer rows than processes',
      segment: tinySegment({ batchSize: 2 }),
      why: 'do not give each a row',
    },
    {
      name: 'answers drawn for a batch',
      segment: tinySegment({ objective: 'retrieved-captions' }),
      why: 'prepares each batch as a whole',
    },
    {
      name: 'words of pictures that rows share',
      segment: tinySegment({ objective: { use: 'caption', auxiliary: [WORDS] }, captionsPerPicture: 1 }),
      why: 'counts each picture once',
      make: tinyMixedRun,
    },
  ])('is refused by name: $name', async ({ segment, why, make = tinyRun }) => {
    const runs = groupInOneProcess(3).map((group) => make([segment], { group }));
    const ended = await Promise.allSettled(runs.map(({ options }) => trainPlan(options)));
    for (const one of ended) expect(one).toMatchObject({ reason: { code: 'invalid-config' } });
    expect(String((ended[0] as PromiseRejectedResult).reason)).toContain(why);
    for (const run of runs) run.dispose();
  });
});

it.each([
  [32, 3, [11, 11, 10]],
  [6, 4, [2, 2, 1, 1]],
  [4, 4, [1, 1, 1, 1]],
])('%d rows are divided among %d processes as evenly as they can be', (of, size, sizes) => {
  const shards = sizes.map((_, rank) => shardOf({ rank, size }, of));
  expect(shards.map(({ from, to }) => to - from)).toEqual(sizes);
  expect(shards.map(({ from }) => from)).toEqual(
    sizes.map((_, rank) => sizes.slice(0, rank).reduce((a, b) => a + b, 0)),
  );
});
