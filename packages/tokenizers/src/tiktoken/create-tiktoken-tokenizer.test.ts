import { expect, test } from 'vitest';
import published from '../__fixtures__/published.json' with { type: 'json' };
import { bytesOfSymbols } from '../byte-alphabet.js';
import { createTiktokenTokenizer } from './create-tiktoken-tokenizer.js';

const { vocab } = published.llama3.json.model;
const lines = Object.entries(vocab)
  .sort(([, a], [, b]) => a - b)
  .map(([token, rank]) => `${Buffer.from(bytesOfSymbols(token)!).toString('base64')} ${rank}`);
const size = lines.length;
const made = (text: string, options = {}) => createTiktokenTokenizer(text, 'tokenizer.model', options);

test('ranks in base64 give the ids of the tokenizer.json of the same vocabulary', () => {
  const tokenizer = made(`${lines.join('\n')}\n`);
  expect(tokenizer.vocabularySize).toBe(size + 256);
  expect(tokenizer.specialTokens).toEqual({ begin: size, end: size + 1, pad: size + 1 });
  expect(tokenizer.addSpecialTokens([7])).toEqual([size, 7]);
  for (const { text, ids, decoded } of published.llama3.rows) {
    expect(tokenizer.encode(text)).toEqual(ids);
    expect(tokenizer.decode(ids)).toBe(decoded);
  }
});

test('special tokens stand behind the ranks, and are read from text where that is asked for', () => {
  const parsed = made(lines.join('\r\n'), { parseSpecialTokens: true });
  expect(parsed.encode('<|eot_id|><|begin_of_text|>')).toEqual([size + 9, size]);
  expect(made(lines.join('\n')).encode('<|eot_id|>').length).toBeGreaterThan(1);
  expect(parsed.namedSpecialTokens.get('<|reserved_special_token_247|>')).toBe(size + 255);
});

test.each<[fault: string, lines: string[], message: RegExp]>([
  ['a line of something else', [...lines.slice(0, 300), 'x'], /line 301 is not base64 and a rank/],
  ['a rank left out', lines.filter((_, rank) => rank !== 5), /line 6 has the rank 6 and should have 5/],
  ['a token twice', [...lines, lines[0]!.replace(/\d+$/, String(size))], /has a token that came before/],
  ['a byte missing', lines.slice(0, 200), /has no token for the byte \d+/],
])('a file with %s is refused', (_, changed, message) => {
  expect(() => made(changed.join('\n'))).toThrow(message);
  expect(() => made(changed.join('\n'))).toThrow(/^tokenizer\.model: /);
});
