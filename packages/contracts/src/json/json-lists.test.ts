import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EimError } from '../errors.js';
import { JsonLists } from './json-lists.js';
import { parseJson } from './parse-json.js';

const lists = (text: string) => new JsonLists(text, 'f.json');
/** Everything in a text, by way of its lists. */
function readAll(text: string): unknown {
  const root = lists(text);
  const values = (name?: string) => {
    const entries = root.entries(name);
    return entries ? Array.from(entries, ([, value]) => value) : root.get(name);
  };
  if (!root.isObject) return values();
  const names = Object.keys(JSON.parse(text) as object);
  return Object.fromEntries(names.map((name) => [name, values(name)]));
}

test('any JSON text gives what parsing it as a whole gives', () => {
  const indent = fc.constantFrom(undefined, 1, '\t');
  const value = fc.oneof(
    fc.jsonValue(),
    fc.array(fc.jsonValue()),
    fc.dictionary(fc.string({ minLength: 1 }), fc.array(fc.jsonValue())),
  );
  fc.assert(
    fc.property(value, indent, (given, space) => {
      const text = JSON.stringify(given, undefined, space);
      expect(readAll(text)).toEqual(parseJson(text));
    }),
    { numRuns: 500 },
  );
});

test('any other text is refused, in the words of the parser', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"',
    '\\',
    '1',
    '-',
    'true',
    'nul',
    ' ',
    '\n',
    'x',
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
      (text) => {
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        let read = true;
        try {
          readAll(text);
        } catch (error) {
          read = false;
          if (
            !EimError.isInstance(error) ||
            !/^f\.json: (line \d+ is not valid JSON: |the JSON ends in the middle|the file is empty)/.test(
              error.message,
            )
          )
            throw error;
        }
        expect(read).toBe(valid);
      },
    ),
    { numRuns: 3000 },
  );
});

test('brackets that do not match, or stand too often, are refused', () => {
  for (const text of [
    '[}',
    '{"a": [}}',
    '{"a": []',
    '[1]]',
    '[1,]',
    '{"a": [1] "b": 2}',
    '{"a": [x], "a": [1]}',
  ]) {
    expect(() => readAll(text)).toThrow(EimError);
  }
});
