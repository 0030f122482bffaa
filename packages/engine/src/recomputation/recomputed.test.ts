import type { RandomStream } from '@eim/contracts/model';
import type { NamedTensorMap, Scalar, Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import {
  add,
  mean,
  memory,
  mul,
  square,
  stack,
  sum,
  tidy,
  variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  createRandomStream,
  dropout,
  gelu,
  linear,
  measureMultiplyAdds,
  RecordedStep,
  recomputed,
  ShapesPass,
  startEngine,
  variableGradsRecomputing,
} from '../index.js';
import { drawn } from '../testing/drawn.js';
import { testedEngines } from '../testing/tested-engines.js';

const BLOCKS = 6;
const ROWS = 64;
const SIZE = 16;

interface Settings {
  readonly recompute: boolean;
  readonly rate?: number;
  /** Blocks that learn. @default all */
  readonly learning?: readonly number[];
}

/** Blocks that widen and narrow again, with dropout, an adapter around their inputs, and what was worked out before them. */
function network() {
  const blocks = Array.from({ length: BLOCKS }, (_, index) => ({
    up: variable(mul(drawn([SIZE, 8 * SIZE], `up ${index}`), 0.2)),
    down: variable(mul(drawn([8 * SIZE, SIZE], `down ${index}`), 0.2)),
  }));
  const gate = variable(drawn([SIZE], 'gate'));
  const variablesOf = (learning: readonly number[]): Variable[] =>
    [...learning.flatMap((index) => [blocks[index]!.up, blocks[index]!.down]), gate] as Variable[];

  const loss = (x: Tensor2D, random: RandomStream, { recompute, rate = 0 }: Settings): Scalar => {
    const shared = square(add(gate, 1)); // [D], made outside of the blocks and learning
    let hidden = tidy(() => mul(x, 0.5)) as Tensor2D; // [R, D]
    for (const { up, down } of blocks) {
      const block = (rows: Tensor2D): Tensor2D => {
        const wide = gelu(linear(mul(rows, shared) as Tensor2D, up as never)); // [R, 8D]
        const kept = rate > 0 ? dropout(wide, rate, random) : wide;
        return add(rows, linear(kept, down as never)); // [R, D]
      };
      hidden = recompute ? recomputed(block, hidden) : block(hidden);
    }
    return mean(square(hidden)) as Scalar;
  };

  /** @returns the loss, then every gradient, flat */
  const numbers = (settings: Settings, x: Tensor2D, random = createRandomStream(1)): Tensor[] => {
    const variables = variablesOf(settings.learning ?? blocks.map((_, index) => index));
    return tidy(() => {
      const grads = settings.recompute
        ? variableGradsRecomputing
        : (variableGrads as typeof variableGradsRecomputing);
      const result = grads(() => loss(x, random, settings), variables);
      return [result.value, ...variables.map(({ name }) => result.grads[name]!)];
    });
  };
  return { numbers, variables: variablesOf(blocks.map((_, index) => index)) };
}

function read(tensors: readonly Tensor[]): number[] {
  const values = tensors.flatMap((tensor) => [...tensor.dataSync()]);
  for (const tensor of tensors) tensor.dispose();
  return values;
}

function expectClose(actual: readonly number[], expected: readonly number[]) {
  expect(actual).toHaveLength(expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  for (const [index, value] of expected.entries())
    expect(Math.abs(actual[index]! - value)).toBeLessThan(1e-5 * scale);
}

describe.each(testedEngines().filter(({ engine }) => engine !== 'webgpu'))(
  'recomputed work on $engine',
  ({ engine, skipped }) => {
    beforeAll(async () => {
      if (!skipped) await startEngine({ engine });
    });

    test.skipIf(skipped).each<[string, Omit<Settings, 'recompute'>]>([
      ['plain', {}],
      ['with the same draws of dropout', { rate: 0.3 }],
      ['where some blocks are frozen', { learning: [3] }],
      ['where only what all blocks share learns', { learning: [] }],
    ])('has the gradients of work that is kept, %s, and leaves nothing behind', (_, settings) => {
      const { numbers } = network();
      const x = drawn([ROWS, SIZE], 'x') as Tensor2D;
      const expected = read(numbers({ ...settings, recompute: false }, x));
      const before = memory().numTensors;
      expectClose(read(numbers({ ...settings, recompute: true }, x)), expected);
      expect(memory().numTensors).toBe(before);
    });

    test.skipIf(skipped)(
      'is done once more for each block that passes a gradient on, and not for others',
      () => {
        const { numbers } = network();
        const x = drawn([ROWS, SIZE], 'x') as Tensor2D;
        const spent = (settings: Settings) =>
          measureMultiplyAdds(() => read(numbers(settings, x))).multiplyAdds;
        const forward = 2 * ROWS * SIZE * 8 * SIZE;
        expect(spent({ recompute: true }) - spent({ recompute: false })).toBe(BLOCKS * forward);
        // Its gate reaches every block, its weights only the last.
        const last = { learning: [BLOCKS - 1] };
        expect(spent({ ...last, recompute: true }) - spent({ ...last, recompute: false })).toBe(
          BLOCKS * forward,
        );
      },
    );

    test.skipIf(skipped)('in steps one after another, recorded or not, with dropout', () => {
      const { numbers, variables } = network();
      const take = (recompute: boolean, record: boolean): number[] => {
        const step = new RecordedStep({
          name: 'test step',
          record,
          onEager: (reason) => expect.fail(reason),
          step: ({ x }: NamedTensorMap, random) =>
            tidy(() => {
              const settings = { recompute };
              const [value, ...grads] = numbers(settings, dropout(x as Tensor2D, 0.2, random!));
              return [stack([value!, ...grads.map((grad) => sum(square(grad)))])];
            }),
        });
        const values = Array.from({ length: 5 }, (_, index) => {
          const inputs = { x: drawn([ROWS, SIZE], index) };
          return read([...step.call({ inputs, random: createRandomStream(index) })]);
        }).flat();
        step.dispose();
        return values;
      };
      expectClose(take(true, true), take(false, false));
      expect(variables.every((one) => !one.isDisposed)).toBe(true);
    });
  },
);

describe('what recomputation saves', () => {
  test('of memory, in a forecast from shapes, which counts the work twice', () => {
    const pass = new ShapesPass();
    const { numbers } = pass.run(network);
    const cost = (recompute: boolean) =>
      pass.measure(() => numbers({ recompute }, drawn([ROWS, SIZE], 'x') as Tensor2D));
    const [kept, recomputing] = [cost(false), cost(true)];
    expect(recomputing.multiplyAdds - kept.multiplyAdds).toBe(BLOCKS * 2 * ROWS * SIZE * 8 * SIZE);
    expect(recomputing.peakBytes).toBeLessThan(0.6 * kept.peakBytes);
  });

  test('nothing outside of a backward pass that recomputes', async () => {
    await startEngine({ engine: 'cpu' });
    const x = drawn([2, 3], 'x') as Tensor2D;
    let calls = 0;
    const double = (rows: Tensor2D) => {
      calls += 1;
      return mul(rows, 2) as Tensor2D;
    };
    const weight = variable(drawn([2, 3], 'weight')) as Variable;
    variableGrads(() => sum(recomputed(double, mul(x, weight) as Tensor2D)) as Scalar, [weight]);
    expect(calls).toBe(1);
    variableGradsRecomputing(() => sum(recomputed(double, mul(x, weight) as Tensor2D)) as Scalar, [weight]);
    expect(calls).toBe(3);
  });
});
