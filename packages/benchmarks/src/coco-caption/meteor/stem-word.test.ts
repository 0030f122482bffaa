/// <reference path="./snowball-stemmers.d.ts" />
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import snowball from 'snowball-stemmers';
import { expect, test } from 'vitest';
import { stemWord } from './stem-word.js';

const other = snowball.newStemmer('english');
const STEMS = [
  'gener',
  'commun',
  'skat',
  'run',
  'hop',
  'x',
  'yell',
  'bo',
  'say',
  'relat',
  'arsen',
  "'tis",
  'abl',
];
const ENDINGS =
  "' 's 's' s es ies ied us ss sses ed edly ing ingly eed eedly y ly li ogi logi ational ization fulness ousli " +
  'iviti biliti entli icate iciti ative ness al ance ement ment ion sion tion ize ive e le ll ee';

test('stems as another Snowball stemmer does: words with every ending, and any letters', () => {
  const endings = fc.constantFrom('', ...ENDINGS.split(' '));
  const letters = fc.string({ unit: fc.constantFrom(..."aeiouylstnrdgbm'") });
  const words = fc.tuple(fc.oneof(fc.constantFrom(...STEMS), letters), endings, endings);
  fc.assert(
    fc.property(words, (parts) => {
      const word = parts.join('');
      expect(stemWord(word), word).toBe(other.stem(word));
    }),
    { numRuns: 20_000 },
  );
});

test('stems the words of the tokeniser’s fixture as it does', () => {
  const fixture = JSON.parse(
    readFileSync(join(import.meta.dirname, '../__fixtures__/ptb-tokens.json'), 'utf8'),
  ) as { tokens: string[] };
  for (const word of new Set(fixture.tokens.flatMap((line) => line.split(/\s+/)))) {
    expect(stemWord(word), word).toBe(other.stem(word));
  }
});
