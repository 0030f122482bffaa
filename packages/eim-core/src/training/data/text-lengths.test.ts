import type { Row } from '@eim/contracts';
import { describe, expect, it } from 'vitest';
import { createTinyTokenizer } from '../../testing/tiny-parts/tiny-tokenizer.js';
import { targetCapacity, targetCount, textLengths } from './text-lengths.js';
import { lengthFor, tokeniseRows } from './tokenised-rows.js';

const tokenizer = createTinyTokenizer(['what', 'word', 'end']);
/** A row of `length` tokens, the last `targets` of them to be predicted. */
const tokens = (length: number, targets = 2) => ({
  ids: new Int32Array(length),
  promptLength: length - targets,
  supervised: [length - targets, length],
  cut: false,
});
const lengthsOf = (...lengths: number[]) =>
  textLengths(lengths.map((length) => tokens(length))).map(({ length }) => length);
/** A row of begin, `words` of a prompt, one of an answer, and end. */
const asked = (words: number): Row => ({
  id: `${words}`,
  prompt: new Array(words).fill('what').join(' '),
  answers: [' end'],
});

describe('textLengths', () => {
  it('has the least of 64, 128, 256 and 512 that rows fit into, and none without rows', () => {
    expect(lengthsOf(10, 64, 65, 200)).toEqual([64, 128, 256]);
    expect(lengthsOf(300)).toEqual([512]);
    expect(lengthsOf(3, 130)).toEqual([64, 256]);
    expect(lengthsOf(3, 700)).toEqual([64, 700]);
  });

  it('goes no further than the context has room for', () => {
    const rows = [tokens(40), tokens(70)];
    expect(textLengths(rows, undefined, 100).map(({ length }) => length)).toEqual([64, 100]);
    expect(textLengths(rows, undefined, 60).map(({ length }) => length)).toEqual([64, 70]);
  });

  it('counts what is to be predicted in the rows of each length alone', () => {
    const [short, long] = textLengths([tokens(5, 1), tokens(8, 3), tokens(100, 40)]);
    expect(short).toMatchObject({ length: 64, mostTargets: 3, targets: { mean: 2, deviation: 1 } });
    expect(long).toMatchObject({ length: 128, mostTargets: 40, targets: { mean: 40, deviation: 0 } });
    // 2 * 4 + 5 * 1 * 2 = 18, and never more than 4 rows of 3.
    expect(targetCapacity(short!, 4)).toBe(12);
    expect(targetCapacity(short!, 100)).toBe(250);
  });

  it('counts every supervised range of a row', () => {
    expect(targetCount({ ...tokens(9), supervised: [1, 3, 5, 9] })).toBe(6);
  });
});

describe('tokeniseRows', () => {
  it('pads rows with prompts to few lengths, and captions to one', () => {
    const texts = tokeniseRows([asked(2), asked(90)], tokenizer);
    expect(texts).toMatchObject({ hasPrompts: true, lengths: [{ length: 64 }, { length: 128 }] });
    expect(lengthFor(texts, texts.rows[0]!).length).toBe(64);
    expect(lengthFor(texts, texts.rows.flat()).length).toBe(128);
    const captions = tokeniseRows([{ ...asked(0), answers: ['word', 'word word end'] }], tokenizer);
    expect(captions).toMatchObject({ hasPrompts: false, lengths: [{ length: 5 }] });
  });

  it('takes other lengths when told to, and cuts rows to the greatest allowed', () => {
    const rows = [asked(1), asked(4), asked(9)];
    const lengthsFor = (options: Parameters<typeof tokeniseRows>[2]) => {
      const { lengths, truncated } = tokeniseRows(rows, tokenizer, options);
      return [...lengths.map(({ length }) => length), truncated];
    };
    expect(lengthsFor({ lengths: [10, 5] })).toEqual([5, 10, 12, 0]);
    expect(lengthsFor({ lengths: [5, 20], greatestLength: 14 })).toEqual([5, 14, 0]);
    expect(lengthsFor({ lengths: [5, 20], maxTokens: 8 })).toEqual([5, 20, 1]);
  });
});
