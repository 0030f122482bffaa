import type { Batch, Objective } from '@eim/contracts/model';
import { createRandomStream, startEngine } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { disposeBatch } from '../data/batch-tensors.js';
import { createObjective } from '../run/create-objective.js';
import { type TinyRun, tinyRun, tinySegment } from '../test-support/tiny-run.js';

beforeAll(() => startEngine({ engine: 'cpu' }));

/** What is said of picture 0, 1 and 2: begin, words, end. */
const SAID = [
  [1, 4, 6, 2],
  [1, 5, 8, 7, 2],
  [1, 9, 2],
];
const LENGTH = 5;

interface LaidOut {
  /** Of each row its words; undefined: filling. */
  readonly ids: readonly (readonly number[] | undefined)[];
  /** Of each row its picture; -1: text alone. */
  readonly shows: readonly number[];
  /** By place: which of the three pictures, or filling. */
  readonly pictures: readonly (number | undefined)[];
  readonly rowsPerPicture?: number;
}

function batchOf({ ids, shows, pictures, rowsPerPicture }: LaidOut): Batch {
  const flat = ids.map((row) => [...(row ?? []), ...new Array(LENGTH - (row?.length ?? 0)).fill(0)]);
  const all = createRandomStream('pictures').uniformTensor([3, 4, 4, 3]) as tf.Tensor4D;
  const black = tf.zeros([1, 4, 4, 3]) as tf.Tensor4D;
  const pixels = tf.concat(
    pictures.map((picture) =>
      picture === undefined ? black : tf.slice(all, [picture, 0, 0, 0], [1, -1, -1, -1]),
    ),
  ) as tf.Tensor4D;
  const order = rowsPerPicture === undefined;
  return {
    rowCount: ids.length,
    pictureCount: pictures.length,
    ids: tf.tensor2d(flat, undefined, 'int32'),
    mask: tf.tensor2d(flat.map((row, index) => row.map((id) => (id === 0 || !ids[index] ? 0 : 1)))),
    targetIndices: tf.tensor1d([1], 'int32'),
    targetWeights: tf.tensor1d([1]),
    rowIndices: tf.zeros([ids.length], 'int32'),
    rowPictures: tf.tensor1d(
      shows.map((picture) => Math.max(0, picture)),
      'int32',
    ),
    ...(order && {
      modality: tf.tensor1d(
        shows.map((picture) => (picture < 0 ? 0 : 1)),
        'int32',
      ),
    }),
    ...(order && { pictureMask: tf.tensor1d(pictures.map((picture) => (picture === undefined ? 0 : 1))) }),
    ...(rowsPerPicture !== undefined && { rowsPerPicture }),
    pixels,
  };
}

/** One row a picture, in their order. */
const IN_ORDER: LaidOut = { ids: SAID, shows: [0, 1, 2], pictures: [0, 1, 2], rowsPerPicture: 1 };
/** The same in any order, among text alone and filling of rows and pictures. */
const ANY_ORDER: LaidOut = {
  ids: [SAID[2], [1, 10, 11, 10, 2], SAID[0], undefined, SAID[1], [1, 8, 2]],
  shows: [2, -1, 0, 1, 1, -1],
  pictures: [0, 1, 2, undefined, undefined],
};
/** Two rows a picture. */
const TWO_EACH: LaidOut = {
  ids: [SAID[0], SAID[1], SAID[2], SAID[0], SAID[1], SAID[1]],
  shows: [0, 0, 1, 1, 2, 2],
  pictures: [0, 1, 2],
  rowsPerPicture: 2,
};
const TWO_EACH_ANY_ORDER: LaidOut = {
  // Pictures 2, 0, 1 in the first places.
  ids: [SAID[2], SAID[1], SAID[0], [1, 9, 9, 2], SAID[1], SAID[0], SAID[1]],
  shows: [2, 0, 1, -1, 0, 2, 1],
  pictures: [2, 0, 1, undefined],
};

type UseCase = readonly [use: string, options: Readonly<Record<string, number>>];
const CASES: readonly UseCase[] = [
  ['contrastive', { textWidth: 6, projectionSize: 5 }],
  ['contrastive', { textWidth: 6, projectionSize: 5, labelSmoothing: 0.2 }],
  ['embedding-alignment', {}],
  ['embedding-alignment', { cosineWeight: 0, contrastWeight: 0, sizeWeight: 1 }],
  ['embedding-alignment', { cosineWeight: 1, contrastWeight: 0, sizeWeight: 0 }],
];

const closeTo = (actual: readonly number[], expected: readonly number[], what: string) => {
  expect(actual.length).toBe(expected.length);
  for (const [index, value] of actual.entries()) expect(value, what).toBeCloseTo(expected[index]!, 5);
};

/** Runs an objective on a model that is the same at every call. */
async function withObjective<T>([use, options]: UseCase, read: (objective: Objective, run: TinyRun) => T) {
  const run = tinyRun([tinySegment({ objective: { use, options } })]);
  const objective = await createObjective(run.options.plan.segments[0]!, {
    parts: run.model,
    random: createRandomStream('objective'),
  });
  const result = await read(objective, run);
  objective.dispose?.();
  run.dispose();
  return result;
}

/** Loss, and the gradients of encoder, ST and objective by name. */
const lossOf = (useCase: UseCase, laidOut: LaidOut) =>
  withObjective(useCase, (objective, { model }) => {
    const batch = batchOf(laidOut);
    const context = { training: true, random: createRandomStream(1) };
    const { value, grads } = tf.variableGrads(() => objective.loss(model, batch, context) as tf.Scalar);
    const parameters = [
      ...model.encoder.parameters(),
      ...model.st.parameters(),
      ...(objective.parameters?.() ?? []),
    ];
    const gradients = new Map(
      parameters.map(({ name, variable }) => [name, [...(grads[variable.name]?.dataSync() ?? [])]]),
    );
    const loss = value.dataSync()[0]!;
    tf.dispose([value, grads] as unknown as tf.TensorContainer);
    disposeBatch(batch);
    return { loss, gradients };
  });

describe.each(CASES)('%s with %j', (...useCase) => {
  it.each([
    ['one row a picture', IN_ORDER, ANY_ORDER],
    ['two rows a picture', TWO_EACH, TWO_EACH_ANY_ORDER],
  ] as const)('is the same for rows in any order, among text and filling: %s', async (_, ordered, mixed) => {
    const [wanted, found] = [await lossOf(useCase, ordered), await lossOf(useCase, mixed)];
    expect(wanted.loss).toBeGreaterThan(0.01);
    expect(found.loss).toBeCloseTo(wanted.loss, 5);
    let moving = 0;
    for (const [name, gradient] of wanted.gradients) {
      closeTo(found.gradients.get(name)!, gradient, name);
      if (gradient.some((value) => Math.abs(value) > 1e-4)) moving += 1;
    }
    expect(moving).toBeGreaterThan(3);
  });

  it('measures the same of rows in any order', async () => {
    const measured = (laidOut: LaidOut) =>
      withObjective(useCase, (objective, { model }) => {
        async function* batches() {
          const batch = batchOf(laidOut);
          yield batch;
          disposeBatch(batch);
        }
        const context = { training: false, random: createRandomStream(1) };
        return objective.evaluate!(model, batches(), context);
      });
    // The pictures stand in one order here: ties are broken by it.
    const [wanted, found] = [await measured(IN_ORDER), await measured(ANY_ORDER)];
    expect(Object.keys(found)).toEqual(Object.keys(wanted));
    closeTo(Object.values(found), Object.values(wanted), 'metrics');
  });
});
