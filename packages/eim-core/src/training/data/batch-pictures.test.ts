import type { Row } from '@eim/contracts';
import { describe, expect, it } from 'vitest';
import { choosePictures } from './batch-pictures.js';
import { findRowPictures } from './row-pictures.js';

/** Rows that show these pictures; undefined: text alone. */
const rowsOf = (...names: (string | undefined)[]): Row[] =>
  names.map((fingerprint, index) => ({
    id: `${index}`,
    prompt: '',
    answers: ['a'],
    ...(fingerprint && {
      picture: {
        fingerprint,
        source: fingerprint,
        load: async () => ({ width: 1, height: 1, data: new Uint8Array(3) }),
      },
    }),
  }));

describe('findRowPictures', () => {
  it('finds shared pictures by their fingerprints, wherever they are shown', () => {
    const found = findRowPictures(rowsOf('a', undefined, 'b', 'a'));
    expect(found.pictures.map(({ fingerprint }) => fingerprint)).toEqual(['a', 'b']);
    expect([...found.ofRow]).toEqual([0, -1, 1, 0]);
    expect(found).toMatchObject({ oneEach: false, someTextAlone: true });
    expect(findRowPictures(rowsOf('a', 'b'))).toMatchObject({ oneEach: true, someTextAlone: false });
    expect(findRowPictures(rowsOf(undefined))).toMatchObject({ pictures: [], oneEach: false });
  });
});

describe('choosePictures', () => {
  const shared = findRowPictures(rowsOf('a', 'b', undefined, 'a', 'c', undefined, 'b'));

  it('takes each picture once in the order in which it is first shown, for rows far apart too', () => {
    const { slots, chosen, slotOfRow, ...rest } = choosePictures(shared, [1, 2, 4, 6, 3], 1);
    expect(chosen).toEqual([1, 2, 0]);
    expect([...slotOfRow]).toEqual([0, -1, 1, 0, 2]);
    expect(slots).toBe(3);
    expect(rest).toEqual({ someTextAlone: true, mayHaveFilling: true });
  });

  it('gives every answer of a row its picture', () => {
    expect([...choosePictures(shared, [4, 5, 0], 2).slotOfRow]).toEqual([0, 0, -1, -1, 1, 1]);
  });

  it('has the same number of places in every batch of a size, however few pictures are shown', () => {
    const sizes = [
      [0, 3],
      [2, 5],
      [0, 1],
      [5, 4],
    ].map((rows) => choosePictures(shared, rows, 1));
    expect(sizes.map(({ slots }) => slots)).toEqual([2, 2, 2, 2]);
    expect(sizes.map(({ chosen }) => chosen.length)).toEqual([1, 0, 2, 1]);
    expect(choosePictures(shared, [0, 1, 2, 3, 4, 5], 1).slots).toBe(3);
  });

  it('lays rows out in the order of their pictures where each shows one of its own', () => {
    const own = findRowPictures(rowsOf('a', 'b', 'c'));
    const chosen = choosePictures(own, [2, 0, 2], 2);
    expect(chosen).toMatchObject({ slots: 3, chosen: [2, 0, 2], rowsPerPicture: 2, mayHaveFilling: false });
    expect([...chosen.slotOfRow]).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it('has no place where no row of the split shows a picture', () => {
    const texts = findRowPictures(rowsOf(undefined, undefined));
    expect(choosePictures(texts, [0, 1], 1)).toMatchObject({
      slots: 0,
      chosen: [],
      someTextAlone: false,
      mayHaveFilling: false,
    });
  });
});
