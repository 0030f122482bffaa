import { EimError } from '@eim/contracts';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { add, backend, type TensorInfo, zeros } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { engineMemory } from '../../measure/engine-memory.js';
import { startEngine } from '../../start/start-engine.js';

beforeAll(() => startEngine({ engine: 'wasm' }));

test('running out of memory is an error that says how much was asked for, and the engine goes on', () => {
  const wasm = backend() as BackendWasm;
  const held: TensorInfo[] = [];
  let error: unknown;
  try {
    // One GiB each, of an address space of four; never written to, so that they take no real memory.
    while (held.length < 5) held.push(wasm.makeOutput([2 ** 28], 'float32'));
  } catch (caught) {
    error = caught;
  }
  expect(EimError.isInstance(error) && error.code).toBe('out-of-memory');
  expect(String(error)).toContain('cannot hold another 1024 MiB');
  for (const { dataId } of held) wasm.disposeData(dataId);
  expect([...add(zeros([4]), 1).dataSync()]).toEqual([1, 1, 1, 1]);
  expect(engineMemory().heapBytes).toBeLessThanOrEqual(2 ** 32);
});
