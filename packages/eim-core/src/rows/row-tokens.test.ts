import type { Row, Tokenizer } from '@eim/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { promptTokens, rowTokens } from './row-tokens.js';

const BEGIN = 1;
const END = 2;

/** Letters are their codes, but for `ab`, which is one token wherever it stands. */
const MERGED = 500;
const tokenizer = {
  vocabularySize: 600,
  specialTokens: { pad: 0, begin: BEGIN, end: END },
  encode: (text: string) =>
    (text.match(/ab|[\s\S]/g) ?? []).map((piece) => (piece === 'ab' ? MERGED : piece.charCodeAt(0))),
} as Tokenizer;
const bare = { ...tokenizer, specialTokens: { pad: 0, end: END } };

const codes = (text: string) => tokenizer.encode(text);
const row = (changes: Partial<Row> = {}): Row => ({ id: '1', prompt: '', answers: ['xyz'], ...changes });

/** The ids that are supervised, range by range. */
function supervisedOf({ ids, supervised }: ReturnType<typeof rowTokens>): number[][] {
  const ranges: number[][] = [];
  for (let index = 0; index < supervised.length; index += 2)
    ranges.push([...ids.slice(supervised[index], supervised[index + 1])]);
  return ranges;
}

describe('rowTokens', () => {
  it('supervises the answer and its end behind a prompt that is only read', () => {
    const tokens = rowTokens(row({ prompt: 'q?' }), 'xyz', tokenizer);
    expect([...tokens.ids]).toEqual([BEGIN, ...codes('q?xyz'), END]);
    expect(tokens).toMatchObject({ promptLength: 3, supervised: [3, 7], cut: false });
  });

  it('begins with the prompt where the family has no begin token', () => {
    const tokens = rowTokens(row({ prompt: 'q' }), 'xyz', bare);
    expect([...tokens.ids]).toEqual([...codes('qxyz'), END]);
    expect(tokens).toMatchObject({ promptLength: 1, supervised: [1, 5] });
    expect(rowTokens(row(), 'xyz', bare)).toMatchObject({ promptLength: 0, supervised: [0, 4] });
  });

  it('cuts the answer as the end of the whole text, unless that merges a token over the border', () => {
    // As the end of 'xa' + 'ab', the answer is one token; by itself it would be so, too.
    expect([...rowTokens(row({ prompt: 'xa' }), 'ab', tokenizer).ids]).toEqual([BEGIN, 120, 97, MERGED, END]);
    // 'xa' + 'b' would be 'x', 'ab': the prompt alone gives 'x', 'a', behind which nobody can say that.
    expect([...rowTokens(row({ prompt: 'xa' }), 'b', tokenizer).ids]).toEqual([BEGIN, 120, 97, 98, END]);
    const spaced = {
      ...tokenizer,
      // A word at the start of a text has another id than behind other words.
      encode: (text: string) =>
        (text.match(/\S+/g) ?? []).map((word, index) => word.length + (index === 0 ? 10 : 20)),
    } as Tokenizer;
    expect([...rowTokens(row({ prompt: 'one' }), ' three', spaced).ids]).toEqual([BEGIN, 13, 25, END]);
  });

  it('puts the system message and earlier exchanges before, and supervises every answer', () => {
    const earlier = [
      { prompt: 'p', answer: 'rs' },
      { prompt: '', answer: 't' },
    ];
    const tokens = rowTokens(row({ system: 'S', earlier, prompt: 'q' }), 'xyz', tokenizer);
    const expected = [BEGIN, ...codes('Sprs'), END, ...codes('t'), END, ...codes('qxyz'), END];
    expect([...tokens.ids]).toEqual(expected);
    expect(supervisedOf(tokens)).toEqual([
      [...codes('rs'), END],
      [...codes('t'), END],
      [...codes('xyz'), END],
    ]);
    expect([...tokens.ids.slice(0, tokens.promptLength)]).toEqual(
      promptTokens(row({ system: 'S', earlier, prompt: 'q' }), tokenizer).ids,
    );
  });

  it('leaves out the end of a long answer, then the start of a long prompt, and keeps begin and end', () => {
    const cut = (prompt: string, answer: string, most: number) => {
      const tokens = rowTokens(row({ prompt }), answer, tokenizer, most);
      expect(tokens).toMatchObject({ cut: true });
      expect(tokens.ids.length).toBeLessThanOrEqual(most);
      expect([tokens.ids[0], tokens.ids.at(-1)]).toEqual([BEGIN, END]);
      return [
        String.fromCharCode(...tokens.ids.slice(1, tokens.promptLength)),
        String.fromCharCode(...tokens.ids.slice(tokens.promptLength, -1)),
      ];
    };
    expect(cut('q', 'uvwxyz', 6)).toEqual(['q', 'uvw']);
    expect(cut('mnopq', 'xyz', 8)).toEqual(['opq', 'xyz']);
    expect(cut('mnopq', 'uvwxyz', 8)).toEqual(['opq', 'uvw']);
    expect(rowTokens(row({ prompt: 'q' }), 'xyz', tokenizer, 6)).toMatchObject({ cut: false });
  });

  it('supervises what is left of an earlier answer that is cut', () => {
    const earlier = [{ prompt: 'p', answer: 'rstu' }];
    const tokens = rowTokens(row({ earlier, prompt: 'q' }), 'xyz', tokenizer, 8);
    expect([...tokens.ids]).toEqual([BEGIN, ...codes('u'), END, ...codes('qxyz'), END]);
    expect(supervisedOf(tokens)).toEqual([
      [...codes('u'), END],
      [...codes('xyz'), END],
    ]);
  });
});

describe('what is supervised, whatever the row', () => {
  const prompts = fc.string({ unit: fc.constantFrom('a', 'b', 'p', '?'), maxLength: 12 });
  const answers = fc.string({ unit: fc.constantFrom('A', 'B', 'Y'), maxLength: 12 });
  const rows = fc.record({
    system: prompts,
    prompt: prompts,
    answer: answers,
    earlier: fc.array(fc.record({ prompt: prompts, answer: answers }), { maxLength: 3 }),
    most: fc.integer({ min: 3, max: 60 }),
    begins: fc.boolean(),
  });

  it('is never of a prompt, ends with the end token, and keeps inside the row', () => {
    // Prompts are in small letters and answers in capitals, so that each id says where it came from.
    const ofPrompts = new Set([BEGIN, MERGED, ...codes('pa?b')]);
    fc.assert(
      fc.property(rows, ({ answer, most, begins, ...texts }) => {
        const given = row({ ...texts, answers: [answer] });
        const tokens = rowTokens(given, answer, begins ? tokenizer : bare, most);
        expect(tokens.ids.length).toBeLessThanOrEqual(most);
        expect(tokens.ids.at(-1)).toBe(END);
        expect(tokens.ids.includes(BEGIN)).toBe(begins);
        const ranges = supervisedOf(tokens);
        expect(ranges).toHaveLength(texts.earlier.length + 1);
        for (const range of ranges) {
          for (const id of range) expect(ofPrompts.has(id)).toBe(false);
          expect(range.slice(0, -1)).not.toContain(END);
          // An earlier answer may be left out as a whole.
          if (range.length > 0) expect(range.at(-1)).toBe(END);
        }
        expect(ranges.at(-1)!.length).toBe(tokens.ids.length - tokens.promptLength);
        const capitals = [...tokens.ids].filter((id) => !ofPrompts.has(id) && id !== END).length;
        const said = ranges.flat().filter((id) => id !== END).length;
        expect(said).toBe(capitals);
        if (!tokens.cut)
          expect(said).toBe([...answer, ...texts.earlier.flatMap((turn) => [...turn.answer])].length);
      }),
      { numRuns: 300 },
    );
  });
});

it('published programs cut a row behind its greatest length, whatever stands there', () => {
  const row = { id: 'long', prompt: 'ab', answers: ['cde'] };
  const whole = rowTokens(row, 'cde', tokenizer);
  for (let most = 1; most < whole.ids.length; most++) {
    const { ids, supervised, promptLength, cut } = rowTokens(row, 'cde', tokenizer, most, 'end');
    expect([...ids]).toEqual([...whole.ids].slice(0, most));
    const [start, end] = whole.supervised as [number, number];
    expect(supervised).toEqual(most > start ? [start, Math.min(end, most)] : []);
    expect([promptLength, cut]).toEqual([Math.min(whole.promptLength, most), true]);
  }
  expect(rowTokens(row, 'cde', tokenizer, whole.ids.length, 'end')).toEqual(whole);
});
