import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tokeniseCaptions, tokeniseLines } from './tokenise-captions.js';

const readJson = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const root = resolve(import.meta.dirname, '../../../..');
const data = join(resolve(root, process.env.EIM_DATA ?? '../shared/data'), 'coco-caption');
const skipped = !existsSync(data);
const why = skipped ? ` (skipped: no ${data})` : '';

test('250 made-up lines come out as from the official program', () => {
  const fixture = readJson(join(import.meta.dirname, '__fixtures__/ptb-tokens.json'));
  expect(tokeniseLines(fixture.lines).map((tokens) => tokens.join(' '))).toEqual(
    fixture.tokens.map((line: string) => line.trim()),
  );
});

test.skipIf(skipped)(`all 25,014 captions of val2017, before and after removing punctuation${why}`, () => {
  const captions: { raw: string; ptb: string; tokenized: string }[] = readJson(
    join(data, 'val2017_ptb341_tokenized.json'),
  );
  const raw = captions.map((caption) => caption.raw);
  expect(captions).toHaveLength(25_014);
  const tokens = tokeniseLines(raw);
  const tokenised = tokeniseCaptions(raw);
  const wrong = captions.filter(
    (caption, index) => tokens[index]!.join(' ') !== caption.ptb || tokenised[index] !== caption.tokenized,
  );
  expect(wrong).toEqual([]);
});

test.skipIf(skipped)(`631 pairs of a third party${why}`, () => {
  const pairs: { raw: string; tokenized: string }[] = readJson(join(data, 'ptb_raw_vs_tokenized_pairs.json'));
  expect(pairs).toHaveLength(631);
  expect(tokeniseCaptions(pairs.map(({ raw }) => raw))).toEqual(pairs.map(({ tokenized }) => tokenized));
});

test('brackets stay, in lower case: the punctuation list has them in capitals', () => {
  expect(tokeniseCaptions(['A man (left), waving.'])).toEqual(['a man -lrb- left -rrb- waving']);
});

test('a line break inside a caption is a space', () => {
  expect(tokeniseCaptions(['a cat\nand\r\na dog\u2028too', 'next'])).toEqual(['a cat and a dog too', 'next']);
});

test('whether an initial ends the sentence depends on how the next caption begins', () => {
  expect(tokeniseLines(['the letter J.', 'The end'])[0]).toEqual(['the', 'letter', 'j', '.']);
  expect(tokeniseLines(['the letter J.', 'end'])[0]).toEqual(['the', 'letter', 'j.']);
});

test('any text gives one list a line, of tokens without spaces or line breaks', () => {
  const anyLine = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(...'aA1.\'"-/&;:$<>()@# \n’“é') }),
  );
  fc.assert(
    fc.property(fc.array(anyLine), (lines) => {
      const tokens = tokeniseLines(lines);
      expect(tokens).toHaveLength(lines.length);
      for (const token of tokens.flat()) {
        expect(token).not.toMatch(/[ \n\r]/);
        expect(token).not.toBe('');
      }
    }),
    { numRuns: 500 },
  );
});

test('a very long caption does not take more than its share of time', () => {
  const started = performance.now();
  const [tokens] = tokeniseLines(['a-b.c,'.repeat(2_000) + "'".repeat(2_000) + 'x'.repeat(100_000)]);
  expect(tokens!.length).toBeGreaterThan(0);
  expect(performance.now() - started).toBeLessThan(20_000);
});
