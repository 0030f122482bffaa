import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ForwardOptions, Objective, Tensor3D } from '@eim/contracts/model';
import { startEngine } from '@eim/engine';
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createCheckpointFolder } from '../../node/checkpoints/checkpoint-folder.js';
import type { SegmentInput } from '../../plan/segment-schema.js';
import { planMultiplyAdds } from '../budget/plan-multiply-adds.js';
import type { OpenSpillFile } from '../data/record-store.js';
import { createCaptionObjective } from '../objectives/caption-objective.js';
import type { TrainPlanOptions } from '../run/train-options.js';
import { trainPlan } from '../run/train-plan.js';
import { type TinyRun, tinyMixedRun, tinyRun } from '../test-support/tiny-run.js';
import { above, readOut, type Watched, watched } from '../test-support/watched-llm.js';

type MakeRun = (segments: readonly SegmentInput[], more?: Partial<TrainPlanOptions>) => TinyRun;

const cachedViews = { split: 'train', augment: ['quarter-turns' as const], cachedViews: 2 };
interface Case {
  readonly name: string;
  readonly changes?: Partial<SegmentInput>;
  readonly make?: MakeRun;
  /** Chunks of texts of both splits: 48 and 24 answers. */
  readonly chunks?: number;
  /** Places for texts of a gate's evaluation. */
  readonly evaluated?: number;
}

const CASES: readonly Case[] = [
  { name: 'captions' },
  { name: 'captions behind augmented views', changes: { data: cachedViews }, chunks: 3 + 1 },
  { name: 'several batches a step', changes: { accumulate: 2, until: { epochs: 4 } } },
  { name: 'recomputed activations', changes: { checkpointActivations: true } },
  { name: 'language', changes: { objective: 'language' } },
  {
    name: 'language without room for a prefix',
    changes: { objective: { use: 'language', options: { leaveRoomForPrefix: false } } },
  },
  {
    name: 'prompts of several lengths',
    changes: { objective: 'language', captionsPerPicture: 1, until: { epochs: 3 } },
    make: tinyMixedRun,
    chunks: 2 * 3,
    evaluated: 12,
  },
];

describe.each(['cpu', 'wasm'] as const)('frozen lower blocks of an LLM that learns, on %s', (engine) => {
  beforeAll(async () => void (await startEngine({ engine })));

  it.each(CASES)('run once for each text and end as without a cache: $name', async (given) => {
    const { changes, make = tinyRun, chunks = 2 + 1, evaluated = 36 } = given;
    const segment = readOut(changes);
    const cached = watched(make([segment]));
    const cost = await planMultiplyAdds(cached.options);
    Object.assign(cached.rows, { whole: 0, rest: 0 });
    const tensors = memory().numTensors;
    const result = await trainPlan(cached.options);
    expect(memory().numTensors).toBe(tensors);
    const { steps } = result.segments[0]!;
    const trained = steps * (segment.accumulate ?? 1) * segment.batchSize! * segment.captionsPerPicture!;
    expect(cached.rows.rest).toBe(trained + 2 * evaluated);
    expect(Math.floor(cached.rows.whole / 32)).toBe(chunks);
    expect(cost.segments[0]!.total).toBe(result.multiplyAdds.training + result.multiplyAdds.encoding);
    expect(cost.gates).toBe(result.multiplyAdds.evaluation);

    const off = make([segment], { featureCache: 'off' });
    const costOff = await planMultiplyAdds(off.options);
    const computed = await trainPlan(off.options);
    expect(off.weights()).toEqual(cached.weights());
    expect(computed.segments[0]!.gate).toEqual(result.segments[0]!.gate);
    const spent = computed.multiplyAdds.training + computed.multiplyAdds.encoding;
    // Batches of several lengths are counted as if each held texts of all that are shorter.
    if (make === tinyRun) expect(costOff.segments[0]!.total).toBe(spent);
    expect(costOff.segments[0]!.total).toBeGreaterThanOrEqual(spent);
    expect(costOff.gates).toBeGreaterThanOrEqual(computed.multiplyAdds.evaluation);

    const whole = make([segment]);
    Object.assign(whole.model.llm, { forwardFrom: undefined });
    const known = await trainPlan(whole.options);
    expect(known.multiplyAdds.training).toBeGreaterThan(result.multiplyAdds.training);
    for (const [name, values] of cached.weights()) {
      const difference = values.map((value, index) => Math.abs(value - whole.weights().get(name)![index]!));
      expect(Math.max(...difference), name).toBeLessThan(2e-5);
    }
    for (const run of [cached, off, whole]) run.dispose();
  });
});

describe('frozen lower blocks of an LLM', () => {
  beforeAll(async () => void (await startEngine({ engine: 'cpu' })));

  const rowsOf = async (
    segment: SegmentInput,
    change: (run: Watched) => void = () => {},
    more: Partial<TrainPlanOptions> = {},
  ) => {
    const run = watched(tinyRun([segment], more));
    change(run);
    const result = await trainPlan(run.options);
    run.dispose();
    return { ...run.rows, result };
  };
  const learns = { select: 'full', learningRate: 0.02 } as const;
  const head = { select: above, learningRate: 0.02 };

  it.each<readonly [string, SegmentInput]>([
    ['the ST learns', readOut({ learn: { llm: head, st: learns } })],
    ['the encoder learns', readOut({ learn: { llm: head, encoder: learns } })],
    ['the embeddings learn', readOut({ learn: { llm: { select: 'full', learningRate: 0.02 } } })],
    ['pictures are augmented anew', readOut({ data: { split: 'train', augment: ['quarter-turns'] } })],
    ['fewer texts are read than there are', readOut({ until: { steps: 1 } })],
    [
      'an auxiliary loss reads the model',
      readOut({ objective: { use: 'caption', auxiliary: [{ use: 'embedding-alignment', weight: 0.1 }] } }),
    ],
  ])('run at every step where %s', async (_, segment) => {
    expect((await rowsOf(segment)).rest).toBe(0);
  });

  it('run at every step behind an objective that does not say that it runs them so', async () => {
    const { runsRowsOnce: _, ...own }: Objective = createCaptionObjective({ labelSmoothing: 0 });
    const entry = { optionsSchema: z.strictObject({}), presets: {}, create: () => ({ ...own, name: 'own' }) };
    const more: Partial<TrainPlanOptions> = { objectives: { own: entry } };
    expect((await rowsOf(readOut({ objective: 'own' }), undefined, more)).rest).toBe(0);
  });

  it('run at every step where they have dropout, which a note says', async () => {
    const dropping = ({ model: { llm } }: TinyRun) => {
      const { forward } = llm;
      llm.forward = (embeddings: Tensor3D, options: ForwardOptions = {}) => {
        if (options.training) options.random!.uniformTensor([1]);
        return forward(embeddings, options);
      };
    };
    const notes: string[] = [];
    const { rest } = await rowsOf(readOut(), dropping, { onNote: (note) => notes.push(note) });
    expect(rest).toBe(0);
    expect(notes.filter((note) => /dropout/.test(note))).toEqual([
      expect.stringContaining("Segment 'joint' runs the LLM's 1 frozen lower blocks at every step"),
    ]);
  });

  it('are cached where what learns above them has dropout', async () => {
    const dropping = ({ model: { llm } }: TinyRun) => {
      const { forward, forwardFrom } = llm;
      llm.forward = (embeddings, options = {}) => {
        if (options.training) options.random!.uniformTensor([1]);
        return forward(embeddings, options);
      };
      llm.forwardFrom = (start, options = {}) => {
        if (options.training) options.random!.uniformTensor([1]);
        return forwardFrom!(start, options);
      };
    };
    expect((await rowsOf(readOut(), dropping)).rest).toBeGreaterThan(0);
  });

  it('lie in a file where memory has no room, and end with the same weights', async () => {
    const files: { readonly bytes: number; closed: boolean }[] = [];
    const openSpillFile: OpenSpillFile = async (recordBytes) => {
      const held = new Map<number, Uint8Array>();
      const file = { bytes: recordBytes, closed: false };
      files.push(file);
      return {
        write: async (index, record) => void held.set(index, record.slice()),
        read: async (index, record) => record.set(held.get(index)!),
        close: async () => {
          file.closed = true;
        },
      };
    };
    const spilt = tinyRun([readOut()], { pictureMemory: 0, openSpillFile });
    const held = tinyRun([readOut()]);
    await trainPlan(spilt.options);
    await trainPlan(held.options);
    expect(spilt.weights()).toEqual(held.weights());
    const { llm, st } = spilt.model;
    const states = files.filter(
      ({ bytes }) => bytes % (4 * llm.hiddenSize) === 0 && bytes > 4 * st.prefixLength * llm.hiddenSize,
    );
    expect(states.length).toBeGreaterThan(0);
    expect(files.every(({ closed }) => closed)).toBe(true);
    for (const run of [spilt, held]) run.dispose();
  });

  it('end with the very weights of an uninterrupted run when it is resumed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'eim-texts-'));
    try {
      const whole = tinyRun([readOut()]);
      await trainPlan(whole.options);
      const checkpoints = createCheckpointFolder(folder);
      const cut = tinyRun([readOut()], { checkpoints });
      const controller = new AbortController();
      const stopped = trainPlan({
        ...cut.options,
        signal: controller.signal,
        onProgress: ({ phase, step }) => {
          if (phase === 'train' && step === 4) controller.abort();
        },
      });
      await expect(stopped).rejects.toMatchObject({ code: 'interrupted' });
      expect((await readdir(folder)).length).toBeGreaterThan(0);
      const rest = tinyRun([readOut()], { checkpoints, resume: true });
      await trainPlan(rest.options);
      expect(rest.weights()).toEqual(whole.weights());
      for (const run of [whole, cut, rest]) run.dispose();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
