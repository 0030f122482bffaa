import { EimError } from '@eim/contracts';
import { expect, test } from 'vitest';
import { humanAgreement } from './human-agreement.js';
import { modalCaption } from './modal-caption.js';
import { pairedBootstrap } from './paired-bootstrap.js';

/** A small seeded stream (Park and Miller's minimal standard generator). */
function seeded(seed: number) {
  let state = seed;
  return {
    integer(bound: number) {
      state = (state * 48_271) % 2_147_483_647;
      return state % bound;
    },
  };
}

const noise = Array.from({ length: 200 }, (_, index) => Math.sin(index * 12.9898) * 0.5);

test('a clear difference is significant one way and not the other, and seeds repeat', () => {
  const better = noise.map((value) => value + 0.3);
  const worse = noise.map((_, index) => noise[(index + 7) % 200]!);
  const result = pairedBootstrap({ left: better, right: worse, random: seeded(5), resamples: 2_000 });
  expect(result.difference).toBeCloseTo(0.3, 10);
  expect(result.oneSided).toBeLessThan(0.01);
  expect(result.twoSided).toBeLessThan(0.02);
  expect(result.interval[0]).toBeGreaterThan(0);
  expect(result.interval[1]).toBeGreaterThan(0.3);
  const reversed = pairedBootstrap({ left: worse, right: better, random: seeded(5), resamples: 2_000 });
  expect(reversed.oneSided).toBeGreaterThan(0.99);
  expect(reversed.twoSided).toBe(result.twoSided);
  expect(pairedBootstrap({ left: better, right: worse, random: seeded(5), resamples: 2_000 })).toEqual(
    result,
  );
});

test('no difference has a p-value of 1', () => {
  const result = pairedBootstrap({ left: noise, right: noise, random: seeded(1), resamples: 100 });
  expect(result).toMatchObject({ difference: 0, oneSided: 1, twoSided: 1, interval: [0, 0] });
});

test('scores of different pictures are refused', () => {
  expect(() => pairedBootstrap({ left: [1], right: [1, 2], random: seeded(1) })).toThrow(EimError);
  expect(() => pairedBootstrap({ left: [], right: [], random: seeded(1) })).toThrow(EimError);
});

test('the most common caption is found across spelling of case and punctuation; the first wins ties', () => {
  const captions = ['A dog.', 'Many planes', 'a cat', 'many planes.', 'Many planes!', 'A dog'];
  expect(modalCaption(captions)).toEqual({ caption: 'Many planes', count: 3, total: 6 });
  expect(modalCaption(['b b', 'a', 'a', 'b b'])).toMatchObject({ caption: 'b b', count: 2 });
  expect(() => modalCaption(['...'])).toThrow(EimError);
});

test('one human sentence against the rest leaves out pictures that have a single one', () => {
  const report = humanAgreement([['a red bus', 'a red bus', 'a bus'], ['alone'], ['two dogs', 'two cats']]);
  expect(report.left).toBe(1);
  expect(report.perPicture).toHaveLength(2);
  expect(report.perPicture[0]!.Bleu_1).toBeCloseTo(1, 6);
  expect(report.perPicture[1]!.Bleu_1).toBeCloseTo(0.5, 6);
  expect(() => humanAgreement([['alone']])).toThrow(EimError);
});
