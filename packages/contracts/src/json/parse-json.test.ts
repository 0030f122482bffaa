import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EimError } from '../errors.js';
import cases from './__fixtures__/python-json.json' with { type: 'json' };
import { idText } from './id-text.js';
import { JsonLists } from './json-lists.js';
import { PYTHON_RULES } from './json-rules.js';
import { JsonSyntaxError } from './json-syntax-error.js';
import { parseJson } from './parse-json.js';
import { parseJsonFile } from './parse-json-file.js';
import { shownJson } from './shown-json.js';

const units = (text: string) => Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));

function bitsOf(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, '0');
}

/** A value as the fixture spells it, but numbers as far as JavaScript tells whole ones from others. */
function spelled(value: unknown): unknown {
  if (typeof value === 'bigint') return ['int', String(value)];
  if (typeof value === 'number') return ['float', bitsOf(value)];
  if (typeof value === 'string') return ['text', units(value)];
  if (Array.isArray(value)) return ['list', value.map(spelled)];
  if (typeof value !== 'object' || value === null) return value;
  const names = Object.keys(value).sort();
  return ['object', names.map((name) => [units(name), spelled((value as Record<string, unknown>)[name])])];
}

/** The fixture's whole numbers that a number holds are told by its bits. */
function expected(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const [kind, content] = value as [unknown, never];
  if (kind === 'int')
    return Number.isSafeInteger(Number(content)) ? ['float', bitsOf(Number(content))] : value;
  if (kind === 'list') return [kind, (content as unknown[]).map(expected)];
  if (kind === 'object') {
    return [kind, (content as [unknown, unknown][]).map(([name, item]) => [name, expected(item)])];
  }
  return value;
}

const minusZero = (base64: string) => Buffer.from(base64, 'base64').toString() === '-0';

test(`${cases.length} texts are read, or refused, as Python reads them`, () => {
  const wrong: string[] = [];
  for (const [base64, verdict] of cases as [string, { value: unknown } | null][]) {
    if (minusZero(base64)) continue; // the whole number 0 in Python; JavaScript keeps the sign
    const bytes = new Uint8Array(Buffer.from(base64, 'base64'));
    let read: unknown = null;
    try {
      read = { value: spelled(parseJsonFile('f.json', bytes)) };
    } catch (error) {
      if (!EimError.isInstance(error) || !error.isUserMistake) throw error;
    }
    const right = verdict && { value: expected(verdict.value) };
    if (JSON.stringify(read) !== JSON.stringify(right)) {
      wrong.push(`${Buffer.from(base64, 'base64')}: ${JSON.stringify(read)}, not ${JSON.stringify(right)}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('lists read element by element are refused and read alike', () => {
  for (const [base64] of cases as [string, unknown][]) {
    const bytes = new Uint8Array(Buffer.from(base64, 'base64'));
    const outcome = (read: () => unknown) => {
      try {
        return JSON.stringify(spelled(read()));
      } catch (error) {
        if (!EimError.isInstance(error)) throw error;
        return error.message;
      }
    };
    const whole = outcome(() => parseJsonFile('f.json', bytes));
    const pieces = outcome(() => {
      const root = new JsonLists(bytes, 'f.json');
      return root.isObject ? parseJsonFile('f.json', bytes) : (listOf(root) ?? root.get());
    });
    expect(pieces, Buffer.from(base64, 'base64').toString()).toBe(whole);
  }
});

const listOf = (root: JsonLists) => {
  const entries = root.entries();
  return entries && Array.from(entries, ([, value]) => value);
};

test('both ways of reading give the same', () => {
  const slow = { ...PYTHON_RULES };
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
      const text = JSON.stringify(value, undefined, indent);
      expect(parseJson(text, slow)).toEqual(parseJson(text));
    }),
  );
});

test('no text does anything but give a value or a JsonSyntaxError', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '1',
    '-',
    '.',
    'e',
    'NaN',
    '\n',
    '\\u0',
    'é',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join('');
      try {
        parseJson(text);
      } catch (error) {
        if (!(error instanceof JsonSyntaxError)) throw error;
        expect(error.position).toBeLessThanOrEqual(text.length);
      }
    }),
    { numRuns: 2000 },
  );
});

test('ids are texts of all their digits', () => {
  const ids = parseJson(
    '[9007199254740993, -9007199254740993, 42, 42.0, 1e21, "x", 1.5, "", null, true, NaN, {}]',
  );
  expect((ids as unknown[]).map(idText)).toEqual([
    '9007199254740993',
    '-9007199254740993',
    '42',
    '42',
    '1000000000000000000000',
    'x',
    ...new Array(6).fill(undefined),
  ]);
});

test('values are shown as they stand in a file', () => {
  const show = (text: string) => shownJson(parseJson(text), 60);
  expect(show('{"a": [9007199254740993, NaN, 1.5, "x"]}')).toBe('{"a":["9007199254740993","NaN",1.5,"x"]}');
  expect([show('9007199254740993'), show('-Infinity'), shownJson(undefined)]).toEqual([
    '9007199254740993',
    '-Infinity',
    'undefined',
  ]);
  expect(shownJson('a'.repeat(60))).toBe(`"${'a'.repeat(36)}...`);
});
