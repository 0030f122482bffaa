import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import committed from './__fixtures__/fix-text.json' with { type: 'json' };
import { fixText } from './fix-text.js';
import { unescapeHtml } from './html-entities.js';
import { collapseWhiteSpace } from './python-white-space.js';

/** Text, what ftfy makes of it, what `html.unescape` makes of it; 0 where that is the text. */
type Row = [text: string, fixed: string | 0, unescaped: string | 0];
const more = process.env.EIM_FIX_TEXT_CASES;
const rows = [
  ...(committed as Row[]),
  ...(more === undefined ? [] : (JSON.parse(readFileSync(more, 'utf8')) as Row[])),
];

test(`repairs as ftfy does, ${rows.length} texts`, () => {
  const wrong = rows.filter(([text, fixed]) => fixText(text) !== (fixed === 0 ? text : fixed));
  expect(wrong.slice(0, 5).map(([text, fixed]) => ({ text, fixed, got: fixText(text) }))).toEqual([]);
});

test('resolves HTML references as Python does', () => {
  const wrong = rows.filter(
    ([text, , unescaped]) => unescapeHtml(text) !== (unescaped === 0 ? text : unescaped),
  );
  expect(wrong.slice(0, 5).map(([text, , plain]) => ({ text, plain, got: unescapeHtml(text) }))).toEqual([]);
});

test('repaired text is well-formed, in NFC, and without control characters, whatever the text', () => {
  const letters = fc.constantFrom(
    'Ã',
    'Â',
    'â',
    '€',
    '™',
    ' ',
    '&',
    'amp;',
    '<',
    '\n',
    '\r',
    'é',
    '\ufffd',
    '\ud800',
  );
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: letters })), (text) => {
      const fixed = fixText(text);
      expect(fixed).not.toMatch(/\p{Surrogate}|[\u0080-\u009f\ufeff\u007f\r]/u);
      for (const line of fixed.split('\n')) expect(line.normalize('NFC')).toBe(line);
    }),
  );
});

test('white space is what Python takes for it', () => {
  expect(collapseWhiteSpace('\u001c a\u0085b\u2028\u3000c\ufeff ')).toBe('a b c\ufeff');
  expect(collapseWhiteSpace(' \t ')).toBe('');
});
