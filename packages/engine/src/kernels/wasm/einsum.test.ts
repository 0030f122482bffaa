import { einsum } from '@tensorflow/tfjs-core';
import { beforeAll, describe, test } from 'vitest';
import { startEngine } from '../../start/start-engine.js';
import { drawn } from '../../testing/drawn.js';
import { expectGradients } from '../../testing/expect-gradients.js';
import { expectSameOnWasm } from '../../testing/expect-same-on-wasm.js';

const CASES: [string, number[][]][] = [
  [
    'ij,jk->ik',
    [
      [3, 4],
      [4, 5],
    ],
  ],
  [
    'ij,kj->ki',
    [
      [3, 4],
      [5, 4],
    ],
  ],
  [
    'bhtd,bhsd->bhts',
    [
      [2, 3, 4, 5],
      [2, 3, 6, 5],
    ],
  ],
  [
    'bthd,bshd->bhts',
    [
      [2, 4, 3, 5],
      [2, 6, 3, 5],
    ],
  ],
  ['i,j->ij', [[4], [3]]],
  ['i,i->', [[7], [7]]],
  [
    'ij,ij->i',
    [
      [3, 4],
      [3, 4],
    ],
  ],
  ['ijk,j->ik', [[2, 3, 4], [3]]],
  ['ijk->ki', [[2, 3, 4]]],
  ['ij->ji', [[1, 5]]],
  ['ij->', [[3, 3]]],
];

describe('Einsum', () => {
  test.each(CASES)('%s on wasm equals cpu, forward and backward', async (equation, shapes) => {
    await expectSameOnWasm(
      (...operands) => einsum(equation, ...operands),
      shapes.map((shape) => ({ shape })),
    );
  });

  describe('gradient', () => {
    beforeAll(() => startEngine({ engine: 'cpu' }));
    test.each(CASES)('of %s agrees with differences', (equation, shapes) => {
      expectGradients(
        (...operands) => einsum(equation, ...operands),
        shapes.map((shape, index) => drawn(shape, index)),
      );
    });
  });
});
