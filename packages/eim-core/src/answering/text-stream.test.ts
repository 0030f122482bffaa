import type { Tokenizer } from '@eim/contracts';
import { expect, test } from 'vitest';
import { TextStream } from './text-stream.js';

/** Ids are bytes, so that a character may need several. */
const tokenizer = {
  decode: (ids: readonly number[]) => new TextDecoder().decode(Uint8Array.from(ids)),
} as Tokenizer;

/** What comes of each byte of a text, one at a time, and whether a stop string ended it. */
function pieces(
  text: string,
  { prompt = 'A', stopStrings = [] as readonly string[], decoder = tokenizer } = {},
) {
  const bytes = [...new TextEncoder().encode(text)];
  const stream = new TextStream([...new TextEncoder().encode(prompt)], decoder, stopStrings);
  return bytes.map((id, index) => stream.push([id], index === bytes.length - 1));
}

const textsOf = (...given: Parameters<typeof pieces>) => pieces(...given).map(({ text }) => text);

test('characters come whole, and nothing is left behind', () => {
  expect(textsOf('aé€b')).toEqual(['a', '', 'é', '', '', '€', 'b']);
});

test('a text that ends inside a character shows the mark for it', () => {
  const stream = new TextStream([65], tokenizer);
  expect(stream.push([0xe2], false).text).toBe('');
  expect(stream.push([], true).text).toBe('\ufffd');
});

test('the text ends before a stop string, whose beginning is held back until it is known', () => {
  const stopped = pieces('one END two', { stopStrings: ['END'] });
  expect(stopped.slice(0, 7).map(({ text }) => text)).toEqual(['o', 'n', 'e', ' ', '', '', '']);
  expect(stopped.findIndex((piece) => piece.stopped)).toBe(6);
  expect(textsOf('one ENtity', { stopStrings: ['END'] }).join('')).toBe('one ENtity');
  expect(textsOf('one EN', { stopStrings: ['END', 'EN!'] }).join('')).toBe('one EN');
  expect(textsOf('one two', { stopStrings: ['two', 'e t'] }).join('')).toBe('on');
});

test('an answer begins behind the text of its prompt, whose own stop strings do not count', () => {
  const spaced = {
    decode: (ids: readonly number[]) => ids.map((id) => String.fromCharCode(id)).join(' '),
  } as Tokenizer;
  expect(textsOf('bc', { decoder: spaced })).toEqual([' b', ' c']);
  expect(textsOf('yes', { prompt: 'END', stopStrings: ['END'] }).join('')).toBe('yes');
});

test('without a tokenizer there is no text', () => {
  const stream = new TextStream([65], undefined, ['a']);
  expect(stream.push([97], true)).toEqual({ text: '', stopped: false });
});

test('ids behind the tokenizer’s have no text', () => {
  const narrow = { ...tokenizer, vocabularySize: 128 } as Tokenizer;
  const stream = new TextStream([65], narrow);
  expect([97, 200, 98].map((id) => stream.push([id], id === 98).text)).toEqual(['a', '', 'b']);
});
