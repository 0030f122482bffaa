import { expect, test } from 'vitest';
import { fitExchanges } from './fit-exchanges.js';

/** Ten tokens of system message and question, and ten of each exchange that is left of three. */
const count = (dropped: number) => 10 + 10 * (3 - dropped);
const fit = (contextLength: number, maxNewTokens = 4, prefixLength = 0) =>
  fitExchanges(3, { contextLength, prefixLength, maxNewTokens }, count);

test('the oldest exchanges go until the rest and the room for an answer fit', () => {
  expect([fit(44), fit(43), fit(34), fit(33), fit(14)]).toEqual([0, 1, 1, 2, 3]);
});

test('a picture takes its positions; a long answer keeps a quarter of the context', () => {
  expect([fit(44, 4, 1), fit(53, 1000), fit(54, 1000)]).toEqual([1, 0, 0]);
  expect([fit(52, 1000), fit(40, 1000)]).toEqual([1, 1]);
});

test('system message and question alone need room for one token', () => {
  expect(fit(11)).toBe(3);
  expect(() => fit(10)).toThrow(/does not fit into the model's context of 10 tokens: .* takes 10\./);
  expect(() => fit(12, 4, 5)).toThrow(/takes 10, and a picture 5\./);
});
