import { add, memory, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import '../index.js';
import { listEngines } from '../start/list-engines.js';
import { startEngine } from '../start/start-engine.js';
import { fillableTensor } from './fillable-tensor.js';

const statuses = await listEngines();

describe.each(['cpu', 'wasm', 'node'] as const)('on the engine %s', (name) => {
  const status = statuses.find((one) => one.name === name);
  test.skipIf(!status?.ok)(`values written piece by piece are a tensor's (${status?.reason})`, async () => {
    await startEngine({ engine: name });
    const before = memory().numTensors;
    const filled: Tensor[] = [];
    // the last is of a size for which TensorFlow takes the memory as it is; before it some share a buffer, in turn
    for (const [index, rows] of [3, 500, 2, 2 ** 21 + 1].entries()) {
      const filling = fillableTensor([rows, 4]);
      const half = 4 * (rows >> 1);
      for (const [from, to] of [
        [0, half],
        [half, 4 * rows],
      ] as const) {
        const values = filling.values();
        for (let at = from; at < to; at++) values[at] = (at >> 2) + index;
      }
      filled.push(filling.finish());
    }
    fillableTensor([100, 4]).abandon();
    for (const [index, tensor] of filled.entries()) {
      const rows = tensor.shape[0]!;
      const values = tidy(() => add(tensor, 1).dataSync());
      expect([values[0], values[3], values[4], values[4 * rows - 1]]).toEqual([
        index + 1,
        index + 1,
        index + 2,
        index + rows,
      ]);
      expect(tensor.dtype).toBe('float32');
      tensor.dispose();
    }
    expect(memory().numTensors).toBe(before);
  });

  test.skipIf(!status?.ok)(`two at once do not share their values (${status?.reason})`, async () => {
    await startEngine({ engine: name });
    const [first, second] = [fillableTensor([8]), fillableTensor([8])];
    first.values().fill(1);
    second.values().fill(2);
    const [one, two] = [first.finish(), second.finish()];
    expect([one.dataSync()[7], two.dataSync()[7]]).toEqual([1, 2]);
    one.dispose();
    two.dispose();
  });
});
