import { join } from 'node:path';
import type { ComputeMode, ForwardOptions, KeyValueCache } from '@eim/contracts/model';
import { startEngine } from '@eim/engine';
import { tidied } from '@eim/nn';
import { relativeError } from '@eim/nn/testing';
import { openPublishedWeights } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Llama } from './llama.js';
import { loadLlama } from './load-llama.js';

const noNode = process.env.EIM_ENGINES ? '' : ' (skipped: EIM_ENGINES names no folder of installed engines)';

async function load(frozen: boolean, compute: ComputeMode = 'exact'): Promise<Llama> {
  const weights = await openPublishedWeights(join(import.meta.dirname, '__fixtures__/quantised.gguf'));
  try {
    return await loadLlama(weights, { frozen, compute });
  } finally {
    await weights.close();
  }
}

/** Reads ids, one row each, behind a cache, which stays. */
function read(model: Llama, ids: number[][], cache?: KeyValueCache, options: ForwardOptions = {}) {
  return tidied(() => {
    const embeddings = model.embed(tf.tensor2d(ids, undefined, 'int32'));
    const result = model.forward(embeddings, { useCache: true, ...(cache && { cache }), ...options });
    return result as { logits: tf.Tensor2D; cache: KeyValueCache };
  });
}

describe.each(['wasm', 'node'] as const)('decoding with matrices in blocks on %s', (engine) => {
  const why = engine === 'node' ? noNode : '';
  let blocks: Llama;
  let floats: Llama;
  beforeAll(async () => {
    if (why) return;
    await startEngine({ engine });
    [blocks, floats] = [await load(true), await load(false)];
  });
  afterAll(() => {
    for (const model of [blocks, floats]) model?.dispose();
  });

  /** New ids of rows, one or several each, through both models, which must agree. @returns their caches; the old ones stay */
  function step(
    caches: readonly KeyValueCache[],
    ids: readonly (number | number[])[],
    options?: () => ForwardOptions,
  ): KeyValueCache[] {
    const rows = ids.map((id) => [id].flat());
    const results = [blocks, floats].map((model, index) => read(model, rows, caches[index], options?.()));
    expect(relativeError(results[0]!.logits, results[1]!.logits)).toBeLessThan(1e-5);
    for (const { logits } of results) logits.dispose();
    return results.map(({ cache }) => cache);
  }
  const begin = (ids: number[][]): KeyValueCache[] => step([], ids);
  const dispose = (caches: KeyValueCache[]) => {
    for (const cache of caches) cache.dispose();
  };
  const moveOn = (
    caches: KeyValueCache[],
    ids: readonly (number | number[])[],
    options?: () => ForwardOptions,
  ) => {
    const next = step(caches, ids, options);
    dispose(caches);
    return next;
  };

  const join = (left: KeyValueCache[], right: KeyValueCache[]) => {
    const joined = left.map((cache, index) => cache.join(right[index]!));
    for (const caches of [left, right]) dispose(caches);
    return joined;
  };

  test.skipIf(why)(`the cache outgrows its room, and nothing stays in memory${why}`, () => {
    const before = tf.memory().numTensors;
    const length = Math.min(70, blocks.contextLength - 3);
    let caches = begin([[1, 7, 3]]);
    for (let index = 0; index < length; index++) caches = moveOn(caches, [(index * 7) % 60]);
    expect(caches[0]!.length).toBe(3 + length);
    dispose(caches);
    expect(tf.memory().numTensors).toBe(before);
  });

  test.skipIf(why)(`two rows go on from one cache, each by itself${why}`, () => {
    const before = tf.memory().numTensors;
    const shared = moveOn(begin([[4, 9]]), [5]);
    let [first, second] = [step(shared, [6]), step(shared, [7])];
    dispose(shared);
    for (const id of [8, 3]) [first, second] = [moveOn(first, [id]), moveOn(second, [id + 1])];
    const cut = first.map((cache) => cache.cut(3));
    dispose(moveOn(cut, [7]));
    for (const caches of [first, second]) dispose(caches);
    expect(tf.memory().numTensors).toBe(before);
  });

  test.skipIf(why)(`a row that is named twice goes on twice, and the others as before${why}`, () => {
    const before = tf.memory().numTensors;
    const caches = moveOn(join(begin([[4, 9]]), begin([[8, 1]])), [5, 2]);
    let forked = caches.map((cache) => cache.gather([1, 0, 1]));
    for (const id of [6, 3]) forked = moveOn(forked, [id, id + 1, id + 2]);
    dispose(moveOn(caches, [7, 7]));
    dispose(moveOn(forked, [1, 2, 3]));
    expect(tf.memory().numTensors).toBe(before);
  });

  test.skipIf(why)(`rows that were read block after block join the others, and go on with them${why}`, () => {
    const before = tf.memory().numTensors;
    // what stands between blocks is asked for, so that they cannot be passed in one call
    const inBlocks = () =>
      [blocks, floats].map((model) => {
        const { logits, hidden, cache } = tidied(() => {
          const embeddings = model.embed(tf.tensor2d([[3, 1, 4, 1]], undefined, 'int32'));
          const result = model.forward(embeddings, { useCache: true, hiddenLayers: [1] });
          return { logits: result.logits, hidden: [...result.hidden!.values()], cache: result.cache! };
        });
        tf.dispose([logits, hidden]);
        return cache;
      });
    let alone = moveOn(inBlocks(), [5]);
    for (const id of [9, 2]) alone = moveOn(alone, [id]);
    dispose(alone);
    for (const isFirst of [true, false]) {
      const [one, other] = isFirst ? [inBlocks(), begin([[8]])] : [begin([[8]]), inBlocks()];
      let joined = join(one, other);
      for (const id of [6, 1]) joined = moveOn(joined, [id, id + 1]);
      dispose(joined);
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  test.skipIf(why)(`rows of other lengths join and leave, more than a few${why}`, () => {
    const before = tf.memory().numTensors;
    let caches = moveOn(
      begin([
        [1, 7, 3, 2],
        [5, 5, 9, 9],
      ]),
      [4, 2],
    );
    caches = moveOn(join(caches, moveOn(begin([[8]]), [1])), [3, 3, 3]);
    caches = join(
      caches,
      begin([
        [2, 2, 6, 1, 8, 8, 8],
        [1, 1, 6, 1, 8, 8, 1],
      ]),
    );
    for (const id of [6, 1, 30]) caches = moveOn(caches, [id, id + 1, id + 2, id + 3, id + 4]);
    const kept = caches.map((cache) => cache.gather([2, 0]));
    dispose(caches);
    dispose(moveOn(kept, [9, 10]));
    expect(tf.memory().numTensors).toBe(before);
  });

  test.skipIf(why)(
    `texts in pieces, of rows that begin at other slots, more than a few at once${why}`,
    () => {
      const before = tf.memory().numTensors;
      const drawn = (length: number, step: number) =>
        Array.from({ length }, (_, index) => (index * step) % 60);
      let caches = moveOn(begin([[1, 7, 3, 2]]), [[4, 2, 9]]);
      const others = begin([[8], [5]]);
      const joined = caches.map((cache, index) => cache.join(others[index]!));
      for (const each of [caches, others]) dispose(each);
      caches = moveOn(joined, [
        [6, 1],
        [3, 3],
        [2, 8],
      ]);
      const length = Math.min(40, blocks.contextLength - 12);
      caches = moveOn(caches, [drawn(length, 7), drawn(length, 11), drawn(length, 13)]);
      caches = moveOn(caches, [5, 6, 7]);
      expect(caches[0]!.length).toBe(10 + length);
      dispose(caches);
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  test.skipIf(why)(`a piece behind slots that a mask hides${why}`, () => {
    const mask = () =>
      tf.tensor2d([
        [1, 0, 1, 1, 1],
        [0, 1, 1, 1, 1],
      ]);
    const options = () => ({
      mask: mask(),
      positions: tf.tensor2d(
        [
          [2, 3],
          [2, 3],
        ],
        [2, 2],
        'int32',
      ),
    });
    const begun = begin([
      [1, 7, 3],
      [2, 7, 3],
    ]);
    dispose(
      moveOn(
        begun,
        [
          [5, 1],
          [6, 4],
        ],
        () => tf.tidy(options),
      ),
    );
  });

  test.skipIf(why)(`slots that a mask hides, and positions of one's own${why}`, () => {
    const mask = () =>
      tf.tensor2d([
        [1, 0, 1, 1],
        [0, 1, 1, 1],
      ]);
    const positions = () => tf.tensor2d([[2], [2]], [2, 1], 'int32');
    const options = () => ({ mask: mask(), positions: positions() });
    dispose(
      moveOn(
        begin([
          [1, 7, 3],
          [2, 7, 3],
        ]),
        [5, 6],
        () => tf.tidy(options),
      ),
    );
  });

  test.skipIf(why)(`a gradient through a step with a cache${why}`, () => {
    const caches = begin([[1, 7, 3]]);
    const gradients = [blocks, floats].map((model, index) => {
      const x = model.embed(tf.tensor2d([[5]], [1, 1], 'int32'));
      return tf.grad((given) =>
        tf.sum(
          tf.square(model.forward(given as tf.Tensor3D, { cache: caches[index]!, useCache: true }).logits),
        ),
      )(x);
    });
    expect(relativeError(gradients[0]!, gradients[1]!)).toBeLessThan(1e-5);
    dispose(caches);
  });

  test.skipIf(why)(
    `fast: tokens one by one are those of the whole text, near the exact ones${why}`,
    async () => {
      const fast = await load(true, 'fast');
      expect(fast.readOnlyWeights().every(({ compute }) => compute === 'fast')).toBe(true);
      const ids = [1, 7, 3, 60, 12, 5];
      const whole = read(fast, [ids]);
      let { cache, logits } = read(fast, [ids.slice(0, 1)]);
      for (const id of ids.slice(1)) {
        const next = read(fast, [[id]], cache);
        cache.dispose();
        logits.dispose();
        ({ cache, logits } = next);
      }
      const last = tf.slice(whole.logits, [ids.length - 1, 0], [1, -1]);
      // rounding may carry an activation over to the next byte
      expect(relativeError(logits, last)).toBeLessThan(1e-2);
      const exact = read(blocks, [ids]);
      const error = relativeError(whole.logits, exact.logits);
      expect(error).toBeGreaterThan(1e-5);
      expect(error).toBeLessThan(0.05);
      for (const held of [cache, whole.cache, exact.cache]) held.dispose();
      tf.dispose([logits, whole.logits, exact.logits, last]);
      fast.dispose();
    },
  );

  test.skipIf(why)(`greedy text is that of the dequantised model${why}`, async () => {
    const ids = await Promise.all(
      [blocks, floats].map(async (model) => {
        const embeddings = model.embed(
          tf.tensor2d(
            [
              [1, 7, 3],
              [9, 9, 2],
            ],
            [2, 3],
            'int32',
          ),
        );
        const rows: number[][] = [[], []];
        for await (const { ids } of model.generate({ embeddings, maxNewTokens: 12, stopTokens: [] })) {
          for (const [row, added] of ids.entries()) rows[row]!.push(...added);
        }
        return rows;
      }),
    );
    expect(ids[0]).toEqual(ids[1]);
  });
});
