import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normaliseText, readPrefixes } from './normalise-text.js';

const prefixes = readPrefixes('# titles\nMr\nSt\nA\n\nNo #NUMERIC_ONLY#\n');

test.each([
  ["A man's t-shirt, and won't stop.", "a man 's t shirt , and won 't stop ."],
  [
    'u.s. u.s.a. Mr. Smith St. John e.g. this etc. and a.m. End.',
    'us usa mr. smith st. john eg this etc. and am end .',
  ],
  ['1/2 1,000 3.5 $5 a,b 1,,2', '1 / 2 1,000 3.5 $ 5 a , b 1 , , 2'],
  ['“smart” ‘quotes’ a–b a—b café', '" smart " \' quotes \' a - b a — b café'],
  ['a-b-c a--b .-b - -- ---', 'a b-c a b . b - - --'],
  ["5's 1'1 x'y c'd'e 'tis dogs' a''b", "5 's 1 ' 1 x 'y c 'd'e ' tis dogs ' a \" b"],
  ['wait.. what... No. 5 No. five No. Five', 'wait .. what ... no. 5 no. five no . five'],
  ['日本 a日b ½ &amp;', '日 本 a 日 b ½ & amp ;'],
])('%j becomes what METEOR makes of it', (text, expected) => {
  expect(normaliseText(text, prefixes).join(' ')).toBe(expected);
});

test('words never hold spaces or capitals, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      for (const word of normaliseText(text)) {
        expect(word).not.toMatch(/^$|[ \t\n]/);
        expect(word).toBe(word.toLowerCase());
      }
    }),
  );
});
