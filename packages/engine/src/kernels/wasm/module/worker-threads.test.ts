import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { backend, matMul, tidy } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { host } from '#host';
import { startEngine } from '../../../index.js';
import { drawn } from '../../../testing/drawn.js';
import { CONTEXT_WORDS } from './kernel-exports.js';
import { kernelModule } from './kernel-module.js';

const { startThread } = host;
afterEach(() => Object.assign(host, { startThread }));

const words = () =>
  new Int32Array((backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.buffer);
const contextWord = (word: keyof typeof CONTEXT_WORDS) =>
  kernelModule(backend() as BackendWasm).context / 4 + CONTEXT_WORDS[word];

describe('worker threads', () => {
  test('are as many as asked for, and change at a later start', async () => {
    for (const threads of [3, 1, 2]) {
      expect(await startEngine({ engine: 'wasm', threads })).toMatchObject({ threads });
      expect(Atomics.load(words(), contextWord('threads'))).toBe(threads);
    }
  });

  test('give the same bits on any number of threads', async () => {
    const size = fc.integer({ min: 1, max: 130 });
    const bits = async (threads: number, shapes: readonly (readonly [number[], number[]])[]) => {
      await startEngine({ engine: 'wasm', threads });
      return shapes.map(([a, b]) => tidy(() => matMul(drawn(a), drawn(b, 'b')).dataSync()));
    };
    const sampled = fc.sample(fc.tuple(fc.integer({ min: 1, max: 12 }), size, size, size), {
      seed: 4,
      numRuns: 12,
    });
    const shapes = [[1, 1, 300, 1500], [1, 1500, 300, 1], [2, 300, 600, 3], ...sampled].map(
      ([batch, rows, inner, columns]) =>
        [
          [batch!, rows!, inner!],
          [batch!, inner!, columns!],
        ] as const,
    );
    const one = await bits(1, shapes as never);
    for (const threads of [2, 4]) {
      for (const [index, values] of (await bits(threads, shapes as never)).entries()) {
        expect(Buffer.from(values.buffer).equals(Buffer.from(one[index]!.buffer))).toBe(true);
      }
    }
  });

  test('that cannot be started are said to be missing, and one thread computes', async () => {
    await startEngine({ engine: 'wasm', threads: 1 });
    Object.assign(host, {
      startThread: () => {
        throw new Error('access to this API has been restricted');
      },
    });
    const info = await startEngine({ engine: 'wasm', threads: 2 });
    expect(info.threads).toBe(1);
    expect(info.device).toContain('; one thread: threads cannot be started here (access to this API');
    expect(matMul(drawn([300, 300]), drawn([300, 300])).shape).toEqual([300, 300]);
  });

  test('work on after a kernel that failed', async () => {
    await startEngine({ engine: 'wasm', threads: 2 });
    const { kernels, context } = kernelModule(backend() as BackendWasm);
    const outside = words().byteLength - 64;
    const run = () => kernels.product(context, outside, 64, 64, 1, 0, 0, 900, 900, 900, 0, 0, 0, 0, 0);
    expect(run).toThrow(WebAssembly.RuntimeError);
    const [a, b] = [drawn([300, 200]), drawn([200, 300], 'b')];
    const after = matMul(a, b).dataSync();
    await startEngine({ engine: 'wasm', threads: 1 });
    expect(Atomics.load(words(), contextWord('failed'))).toBe(0);
    expect([...matMul(a, b).dataSync()]).toEqual([...after]);
  });
});
