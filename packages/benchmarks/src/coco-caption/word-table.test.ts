import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WordTable } from './word-table.js';

test('numbers words as a Map does, whole or as pieces of a text', () => {
  const words = fc.array(fc.oneof(fc.string({ unit: fc.constantFrom(...'abAB') }), fc.string()), {
    size: '+2',
  });
  fc.assert(
    fc.property(words, (list) => {
      const table = new WordTable();
      const known = new Map<string, number>();
      for (const word of list) {
        const isPiece = word.length % 2 === 0;
        const lower = /^[A-Za-z]+$/.test(word) ? word.toLowerCase() : undefined;
        if (lower !== undefined) {
          if (!known.has(lower)) known.set(lower, known.size);
          expect(table.numberLetters(`'${word} `, 1, word.length + 1)).toBe(known.get(lower));
        }
        expect(table.find(word)).toBe(known.get(word) ?? -1);
        if (!known.has(word)) known.set(word, known.size);
        const number = isPiece ? table.numberPiece(`x${word}y`, 1, word.length + 1) : table.number(word);
        expect(number).toBe(known.get(word));
        expect(table.word(number)).toBe(word);
      }
      expect(table.size).toBe(known.size);
    }),
    { numRuns: 100 },
  );
  const large = new WordTable();
  for (let word = 0; word < 50_000; word++) large.number(String(word));
  for (let word = 0; word < 50_000; word += 7) expect(large.find(String(word))).toBe(word);
});
