import type { NamedTensorMap, Scalar, Tensor, Tensor1D, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import {
  add,
  memory,
  mul,
  scalar,
  square,
  sub,
  sum,
  tensor1d,
  tensor2d,
  tidy,
  variable,
  variableGrads,
  zeros,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  adamWStep,
  createRandomStream,
  crossEntropy,
  dropout,
  gelu,
  linear,
  measureMultiplyAdds,
  RecordedStep,
  startEngine,
} from '../index.js';
import { drawn } from '../testing/drawn.js';
import { testedEngines } from '../testing/tested-engines.js';
import type { StepFunction } from './trace-step.js';

const { skipped } = testedEngines().find(({ engine }) => engine === 'node')!;

/** A small network with an optimizer, taking one step a call. */
function network(record: boolean, { decay = 0, rate = 0 } = {}) {
  const weight = variable(drawn([6, 5], 'weight'));
  const bias = variable(zeros([5]) as Tensor1D);
  const variables = [weight, bias] as Variable[];
  const moments = () => variables.map((one) => variable(zerosLike(one), false));
  const [firstMoments, secondMoments] = [moments(), moments()];
  let taken = 0;
  const step: StepFunction = ({ x, targets, weights }, random) => {
    const loss = () => {
      const seen = rate > 0 ? dropout(x as Tensor2D, rate, random!) : (x as Tensor2D);
      const logits = gelu(linear(seen, weight as never, bias as never));
      return crossEntropy(logits, targets as Tensor1D, weights as Tensor1D) as Scalar;
    };
    return tidy(() => {
      const { value, grads } = variableGrads(loss, variables);
      adamWStep({
        variables,
        firstMoments,
        secondMoments,
        gradients: variables.map(({ name }) => grads[name]!),
        learningRates: [0.01, 0.02],
        weightDecays: [decay, 0],
        step: () => taken,
        rateScale: () => 1 / taken,
        gradientScale: scalar(0.5),
      });
      return [value];
    });
  };
  const recorded = new RecordedStep({ name: 'test step', step, record });
  const take = (inputs: NamedTensorMap): number => {
    taken += 1;
    const [loss] = recorded.call({ inputs, random: createRandomStream(`dropout.${taken}`) });
    const value = loss!.dataSync()[0]!;
    loss!.dispose();
    return value;
  };
  return { take, variables, recorded };
}

function batch(seed: number, rows = 4): NamedTensorMap {
  return {
    x: drawn([rows, 6], seed),
    targets: tensor1d(Int32Array.from({ length: rows }, (_, row) => (row + seed) % 5)),
    weights: tensor1d(new Float32Array(rows).fill(1)),
  };
}

function steps(count: number, options: Parameters<typeof network>[1], record: boolean) {
  const model = network(record, options);
  const losses = Array.from({ length: count }, (_, index) =>
    model.take(batch(index, index % 3 === 2 ? 7 : 4)),
  );
  return { losses, weights: model.variables.map((one) => [...one.dataSync()]), ...model };
}

test('on an engine that cannot record, a step is called like any function', async () => {
  await startEngine({ engine: 'cpu' });
  const { losses, recorded } = steps(3, {}, true);
  expect(losses.every(Number.isFinite)).toBe(true);
  expect(recorded.isRecorded).toBe(false);
});

describe.skipIf(skipped)(`recorded steps${skipped ? ` (skipped: ${skipped})` : ''}`, () => {
  beforeAll(async () => void (await startEngine({ engine: 'node' })), 60_000);

  test.each([
    ['plain', {}],
    ['with weight decay', { decay: 0.1 }],
    ['with dropout, drawn anew at each step', { rate: 0.4 }],
  ])('100 steps of two shapes equal those taken operation by operation, %s', (_name, options) => {
    const [eager, recorded] = [steps(100, options, false), steps(100, options, true)];
    expect(eager.recorded.isRecorded).toBe(false);
    expect(recorded.recorded.isRecorded).toBe(true);
    for (const [index, loss] of eager.losses.entries())
      expect(Math.abs(recorded.losses[index]! - loss)).toBeLessThan(1e-6 * Math.abs(loss));
    for (const [index, weight] of eager.weights.flat().entries())
      expect(recorded.weights.flat()[index]).toBeCloseTo(weight, 5);
  });

  test('and those of the cpu engine within 1e-3, one step of it within 1e-5', async () => {
    const recorded = steps(20, { decay: 0.1 }, true);
    await startEngine({ engine: 'cpu' });
    const reference = steps(20, { decay: 0.1 }, false);
    await startEngine({ engine: 'node' });
    expect(Math.abs(recorded.losses[1]! - reference.losses[1]!)).toBeLessThan(1e-5);
    for (const [index, loss] of reference.losses.entries())
      expect(Math.abs(recorded.losses[index]! - loss)).toBeLessThan(1e-3 * loss);
  });

  test('leave no tensor behind, count their multiply-adds, and are freed', () => {
    const { take, recorded } = network(true);
    const inputs = batch(1);
    take(inputs);
    take(inputs);
    const before = memory().numTensors;
    const { multiplyAdds } = measureMultiplyAdds(() => take(inputs));
    for (let index = 0; index < 20; index++) take(inputs);
    expect(memory().numTensors).toBe(before);
    expect(multiplyAdds).toBe(measureMultiplyAdds(() => network(false).take(inputs)).multiplyAdds);
    recorded.dispose();
    expect(recorded.isRecorded).toBe(false);
  });

  test('a copy of a variable keeps its value while the variable is updated', () => {
    const { take, variables } = network(true);
    take(batch(1));
    const copy = variables[0]!.clone();
    const before = [...copy.dataSync()];
    take(batch(2));
    take(batch(3));
    expect([...copy.dataSync()]).toEqual(before);
    expect([...variables[0]!.dataSync()]).not.toEqual(before);
  });

  test('a variable that is assigned between steps goes on from its new value', () => {
    const outcome = (record: boolean) => {
      const { take, variables } = network(record);
      take(batch(1));
      tidy(() => variables[0]!.assign(drawn([6, 5], 'another')));
      return [take(batch(2)), ...variables[0]!.dataSync()];
    };
    const [eager, recorded] = [outcome(false), outcome(true)];
    for (const [index, value] of eager.entries()) expect(recorded[index]).toBeCloseTo(value, 5);
  });

  test('a step that reads what another one updates is recorded once, where it says so', () => {
    const outcome = (record: boolean) => {
      const { take, variables } = network(record);
      const options = { name: 'reading step', record, updatedElsewhere: variables };
      const reading = new RecordedStep({ ...options, step: ({ x }) => [sum(mul(variables[0]!, x!))] });
      return Array.from({ length: 5 }, (_, index) => {
        const [total] = reading.call({ inputs: { x: drawn([6, 5], index) } });
        const read = total!.dataSync()[0]!;
        if (index === 3) tidy(() => variables[0]!.assign(drawn([6, 5], 'another')));
        return [read, take(batch(index))];
      }).flat();
    };
    const [eager, recorded] = [outcome(false), outcome(true)];
    for (const [index, value] of eager.entries()) expect(recorded[index]).toBeCloseTo(value, 4);
  });

  describe('what would be frozen', () => {
    const x = () => ({ x: tensor1d([1, 2, 3]) });
    let reasons: string[];
    beforeEach(() => {
      reasons = [];
    });
    const recording = (step: StepFunction) =>
      new RecordedStep({ name: 'test step', step, onEager: (reason) => reasons.push(reason) });
    const values = (outputs: readonly Tensor[]) => [...outputs[0]!.dataSync()];

    test('a value read back keeps the step from being recorded, and is told once', () => {
      const step = recording(({ x }) => [mul(x!, scalar(sum(x!).dataSync()[0]!))]);
      expect(values(step.call({ inputs: x() }))).toEqual([6, 12, 18]);
      expect(values(step.call({ inputs: { x: tensor1d([1, 1, 1]) } }))).toEqual([3, 3, 3]);
      expect(reasons).toEqual([
        'The test step is not recorded, because it reads a value back, which a replay could not.',
      ]);
    });

    test('a random number drawn in JavaScript too', () => {
      const step = recording(({ x }, random) => [mul(x!, random!.integer(5))]);
      step.call({ inputs: x(), random: createRandomStream(1) });
      expect(reasons[0]).toContain('it draws random.integer() in JavaScript');
    });

    test('and a plain step number of the optimizer', () => {
      const [weight, first, second] = [variable(zeros([3])), variable(zeros([3])), variable(zeros([3]))];
      const step = recording(({ x }) => {
        adamWStep({
          variables: [weight],
          gradients: [x!],
          firstMoments: [first],
          secondMoments: [second],
          learningRates: [0.1],
          weightDecays: [0],
          step: 1,
        });
        return [];
      });
      step.call({ inputs: x() });
      expect(reasons[0]).toContain('plain number, which would be frozen');
    });

    test('a number from JavaScript that changes is refused by its values', () => {
      let factor = 2;
      const step = recording(({ x }) => [mul(x!, scalar(factor))]);
      expect(values(step.call({ inputs: x() }))).toEqual([2, 4, 6]);
      factor = 3;
      expect(() => step.call({ inputs: x() })).toThrow(
        /test step is not the one that was recorded: where the values \[2\].* was, the values \[3\].* is now/,
      );
    });

    test('a tensor from outside that is another one is refused', () => {
      let outside = tensor2d([[1, 2, 3]]);
      const step = recording(({ x }) => [add(x!, outside)]);
      step.call({ inputs: x() });
      outside = tensor2d([[4, 5, 6]]);
      expect(() => step.call({ inputs: x() })).toThrow('is another tensor than before');
    });

    test('a tensor from outside that is gone is refused', () => {
      const outside = tensor2d([[1, 2, 3]]);
      const step = recording(({ x }) => [sub(x!, outside)]);
      for (let call = 0; call < 2; call++) step.call({ inputs: x() });
      outside.dispose();
      expect(() => step.call({ inputs: x() })).toThrow('a tensor that it takes from outside was disposed of');
    });

    test('another branch is refused', () => {
      let squared = false;
      const step = recording(({ x }) => [squared ? square(x!) : mul(x!, 2)]);
      step.call({ inputs: x() });
      squared = true;
      expect(() => step.call({ inputs: x() })).toThrow('is not the one that was recorded');
    });
  });
});
