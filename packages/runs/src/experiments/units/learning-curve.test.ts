import type { RunLogEntry } from '@eim/core/node';
import type { SegmentResult } from '@eim/core/training';
import { expect, test } from 'vitest';
import { learningCurve } from './learning-curve.js';

const segment = (name: string, steps: number, seconds: number) => ({ name, steps, seconds }) as SegmentResult;

test('a long log becomes few points, losses averaged and pauses left out', () => {
  const entries = Array.from({ length: 120 }, (_, index) => ({
    step: index + 1,
    time: index < 60 ? index : index + 10_000, // stopped for hours in the middle
    segment: index < 100 ? 'first' : 'second',
    segmentStep: index < 100 ? index + 1 : index - 99,
    loss: index,
  }));
  const { curve } = learningCurve(entries, [segment('first', 100, 50), segment('second', 20, 40)]);
  expect(curve).toHaveLength(60);
  expect(curve[0]).toEqual([2, 1, 0.5]); // steps 1 and 2, half a second each, losses 0 and 1
  expect(curve[49]).toEqual([100, 50, 98.5]);
  expect(curve[59]).toEqual([120, 90, 118.5]);
});

test('what was measured on held-out rows is kept apart; gradients and verdicts are not', () => {
  const entries: RunLogEntry[] = [
    { step: 1, time: 0, segment: 's', segmentStep: 1, loss: 2, 'gradientNorm/llm': 3 },
    { step: 1, time: 1, segment: 's', 'val/loss': 1.234567 },
    { step: 1, time: 2, segment: 's', 'gate/loss/before': 2, 'gate/loss/after': 1, 'gate/kept': 1 },
  ];
  expect(learningCurve(entries, [segment('s', 1, 1)])).toEqual({
    curve: [[1, 1, 2]],
    heldOut: [
      [1, 'val/loss', 1.2346],
      [1, 'gate/loss/before', 2],
      [1, 'gate/loss/after', 1],
    ],
  });
});
