import type { Picture, Row } from '@eim/contracts';
import { expect, test } from 'vitest';
import { ciderReward } from './cider-reward.js';
import { scoreCaptions } from './score-captions.js';

const rowOf = (id: string, answers: readonly string[], fingerprint?: string): Row => ({
  id,
  prompt: '',
  answers,
  ...(fingerprint && { picture: { fingerprint } as Picture }),
});

const ROWS = [
  rowOf('1', ['A red boat on the sea.', 'The boat is red'], 'boat'),
  rowOf('2', ['A green field', 'a field by the sea'], 'field'),
  rowOf('3', ['Two men ride horses.'], 'horses'),
];
const SAID = ['a red boat', 'two men by the sea', 'zebras, which nobody speaks of'];

const said = SAID.map((text, index) => ({ text, row: ROWS[index]! }));

test('texts get the CIDEr that the program gives them, now and after others', async () => {
  const { perPicture } = scoreCaptions(
    ROWS.map(({ answers }, index) => ({ candidate: SAID[index]!, references: answers })),
  );
  const expected = perPicture.map(({ CIDEr }) => CIDEr);
  expect(expected[0]).toBeGreaterThan(1);
  const reward = await ciderReward.create({}, { rows: ROWS });
  expect(await reward.score(said)).toEqual(expected);
  const [other] = await reward.score([{ text: 'Two men ride horses', row: ROWS[2]! }]);
  expect(other).toBeCloseTo(10, 10);
  expect(await reward.score(said)).toEqual(expected);
});

test('rows that show one picture are one document', async () => {
  const apart = [
    rowOf('1a', ['A red boat on the sea.'], 'boat'),
    rowOf('1b', ['The boat is red'], 'boat'),
    ...ROWS.slice(1),
  ];
  const reward = await ciderReward.create({}, { rows: apart });
  const whole = await ciderReward.create({}, { rows: ROWS });
  expect(await reward.score(said)).toEqual(await whole.score(said));
});

test('held-out rows and empty texts are scored too', async () => {
  const reward = await ciderReward.create({}, { rows: ROWS });
  const row = rowOf('9', ['a red field']);
  const [right, empty] = await reward.score([
    { text: 'A red field!', row },
    { text: '', row },
  ]);
  expect(right).toBeGreaterThan(5);
  expect(empty).toBe(0);
});

test('one picture alone is refused', () => {
  const one = () => ciderReward.create({}, { rows: [rowOf('1', ['a'], 'x'), rowOf('2', ['b'], 'x')] });
  expect(one).toThrow(expect.objectContaining({ code: 'invalid-data', data: { documents: 1 } }));
});

test('it has no options', () => {
  expect(ciderReward.optionsSchema.safeParse({ scale: 2 }).success).toBe(false);
  expect(ciderReward.optionsSchema.safeParse({}).success).toBe(true);
});
