import { expect, test } from 'vitest';
import fixture from './__fixtures__/training.json' with { type: 'json' };
import { BYTE_SYMBOLS } from './byte-alphabet.js';
import { trainByteBpe } from './train-byte-bpe.js';

test.each(['cased', 'lowercase'] as const)('learns the vocabulary of the Python trainer, %s', (kind) => {
  const { model } = trainByteBpe(fixture.texts, { vocabularySize: 420, lowercase: kind === 'lowercase' });
  expect(model.merges).toEqual(fixture[kind].merges.map((pair) => (pair as string[]).join(' ')));
  expect(model.vocab).toEqual(fixture[kind].vocabulary);
});

test('writes the file whose ids the Python library gave to the fixture', async () => {
  const json = trainByteBpe(fixture.texts, { vocabularySize: 420 });
  await expect(`${JSON.stringify(json)}\n`).toMatchFileSnapshot('./__fixtures__/tokenizer.json');
});

test('does not depend on the order of the texts', () => {
  const forwards = trainByteBpe(fixture.texts, { vocabularySize: 400 });
  expect(trainByteBpe([...fixture.texts].reverse(), { vocabularySize: 400 })).toEqual(forwards);
  expect(JSON.stringify(trainByteBpe(fixture.texts, { vocabularySize: 400 }))).toBe(JSON.stringify(forwards));
});

test('holds distinct begin, end and pad, every byte, and merges up to the size asked for', () => {
  const json = trainByteBpe(fixture.texts, { vocabularySize: 400 });
  expect(json.added_tokens.map(({ content, id }) => [content, id])).toEqual([
    ['<|pad|>', 0],
    ['<|begin|>', 1],
    ['<|end|>', 2],
  ]);
  expect(BYTE_SYMBOLS.every((symbol) => json.model.vocab[symbol]! >= 3)).toBe(true);
  expect(Object.keys(json.model.vocab)).toHaveLength(400);
});

test('stops early where no pair is frequent enough', () => {
  expect(Object.keys(trainByteBpe(['abc'], {}).model.vocab)).toHaveLength(259);
  expect(Object.keys(trainByteBpe(['abc'], { minimumFrequency: 1 }).model.vocab)).toHaveLength(261);
  expect(Object.keys(trainByteBpe([]).model.vocab)).toHaveLength(259);
});

test('refuses a vocabulary that cannot hold the bytes', () => {
  expect(() => trainByteBpe([], { vocabularySize: 258 })).toThrow(/258 is too small.*at least 259/);
});

test('10,000 captions take seconds', () => {
  const captions = Array.from({ length: 10_000 }, (_, i) => {
    const rest = fixture.texts.slice(i % 7, (i % 7) + 1).join(' ');
    return `${fixture.texts[i % 300]} number ${(i * 7919) % 5003} ${(i * 104729).toString(36)} ${rest}`;
  });
  const start = performance.now();
  const { model } = trainByteBpe(captions);
  expect(Object.keys(model.vocab)).toHaveLength(2000);
  // Alone on two cores it takes under 3 s; this bound only catches a change of complexity.
  expect(performance.now() - start).toBeLessThan(30_000);
});
