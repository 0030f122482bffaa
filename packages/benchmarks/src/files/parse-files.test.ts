import { EimError } from '@eim/contracts';
import { decodeText, parseJson, parseJsonLines } from '@eim/contracts/json';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findRepeatedName } from './find-repeated-names.js';
import type { JsonObject } from './json-fields.js';
import { entriesById, parseJsonFile } from './parse-json-file.js';

const bytes = (text: string) => new TextEncoder().encode(text);

function fault(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(EimError.isInstance(error) && error.isUserMistake).toBe(true);
    return (error as EimError).message;
  }
  return expect.fail('nothing was refused');
}

test('every JSON value comes through, with and without a byte order mark', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), fc.boolean(), (value, indent, mark) => {
      const text = `${mark ? '\ufeff' : ''}${JSON.stringify(value, undefined, indent)}`;
      expect(parseJsonFile('a.json', bytes(text)).json).toEqual(parseJson(JSON.stringify(value)));
    }),
  );
});

test('a document cut off anywhere is refused with a line', () => {
  const whole = JSON.stringify({ a: ['x"\\', 1.5, null], b: { c: 'ü\n', d: true } }, undefined, 1);
  for (let length = 0; length < whole.length; length++) {
    const message = fault(() => parseJsonFile('cut.json', bytes(whole.slice(0, length))));
    expect(message).toMatch(/^cut\.json: .*(ends in the middle, at line \d+|empty)/s);
  }
});

test('a fault of syntax is named with its line, and is no file that was cut off', () => {
  const faults: [string, number][] = [
    ['[\n 1,\n nan,\n 2]', 3],
    ['{"a": 1}\n{"b": 2}', 2], // JSON lines
    ["{\n'a': 1}", 2],
    ['[1,\n2,\n]', 3],
    ['[1,\n"a\nb"]', 2],
    ['[1, 2\n"x"]', 2],
    ['[nul]', 1],
  ];
  for (const [text, line] of faults) {
    expect(fault(() => parseJsonFile('p.json', bytes(text)))).toMatch(
      new RegExp(`^p\\.json: line ${line} is not valid JSON`),
    );
  }
});

test('an id twice is refused with both lines; another name twice is read as Python reads it, the last', () => {
  const parsed = parseJsonFile('p.json', bytes('{"1": 0,\n "2": {"1": 1},\n "1": 1}'));
  expect(parsed.json).toEqual({ 1: 1, 2: { 1: 1 } });
  expect(fault(() => entriesById(parsed, parsed.json as JsonObject))).toMatch(
    /^p\.json: line 3 has "1" a second time in one object, after line 1\./,
  );
  expect(findRepeatedName('{"a": 1, "\\u0061": 2}')).toEqual({ name: 'a', line: 1, firstLine: 1 });
  expect(
    findRepeatedName('{"a": {"b": 1, "b": 2}, "c": [{"d": 1, "d": 2}], "b": ["a", "a"]}'),
  ).toBeUndefined();
  const nested = '{"b": {"b": 1, "c": {"b": 1}},\n "a": {"b": 1, "c": ["b", "b"],\n "b": 2}}';
  expect(findRepeatedName(nested, 'a')).toEqual({ name: 'b', line: 3, firstLine: 2 });
  expect(findRepeatedName(nested, 'b')).toBeUndefined();
  expect(findRepeatedName(nested)).toBeUndefined();
});

test('bytes that are not UTF-8 are refused with their line', () => {
  const latin = Uint8Array.of(...bytes('{"1": "ok",\n"2": "caf'), 0xe9, ...bytes('"}'));
  expect(fault(() => parseJsonFile('p.json', latin))).toMatch(/^p\.json: line 2 is not UTF-8\. Save/);
  expect(fault(() => decodeText('p.json', Uint8Array.of(0xff, 0xfe, 0x7b, 0)))).toMatch(/is UTF-16/);
  expect(decodeText('p.txt', bytes('é\n日本'))).toBe('é\n日本');
});

test('a bad line of JSON lines is named; empty lines are none', () => {
  expect(parseJsonLines('a.jsonl', '{"a": 1}\n\n[2]\n')).toEqual([
    { line: 1, value: { a: 1 } },
    { line: 3, value: [2] },
  ]);
  expect(fault(() => parseJsonLines('a.jsonl', '1\n2\n{"a": '))).toMatch(
    /^a\.jsonl: line 3 is not valid JSON/,
  );
});
