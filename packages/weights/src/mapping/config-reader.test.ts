import { expect, test } from 'vitest';
import { ConfigReader } from './config-reader.js';

const faultsOf = (config: Record<string, unknown>, read: (reader: ConfigReader) => void): string => {
  const reader = new ConfigReader(config, 'config.json');
  read(reader);
  try {
    reader.finish();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};

test('what is right is read, and nothing is raised', () => {
  const config = { a: 2, b: 0.5, c: false, d: 'gelu', e: [1, 2], f: null, g: { h: 3 } };
  const reader = new ConfigReader(config, 'config.json');
  expect(reader.count('a')).toBe(2);
  expect(reader.positive('b')).toBe(0.5);
  expect(reader.flag('c', true)).toBe(false);
  expect(reader.choice('d', { gelu: 'tanh' })).toBe('tanh');
  expect(reader.ids('e')).toEqual([1, 2]);
  expect(reader.optionalCount('f')).toBeUndefined();
  expect(reader.section('g')?.count('h')).toBe(3);
  expect([reader.count('absent', 7), reader.flag('absent', true), reader.id('absent')]).toEqual([
    7,
    true,
    undefined,
  ]);
  reader.finish();
  expect(reader.unknown()).toEqual([]);
});

test('everything wrong is raised at once, with the place inside', () => {
  const config = { a: '2', b: 0, c: 'no', d: 'mish', e: [], f: null, g: { h: true }, i: [1], j: 2n };
  const message = faultsOf(config, (reader) => {
    reader.count('a');
    reader.positive('b');
    reader.flag('c', false);
    reader.choice('d', { gelu: 1, relu: 2 });
    reader.ids('e');
    reader.count('f', 1);
    reader.section('g')?.count('h');
    reader.section('i');
    reader.number('j');
    reader.count('missing');
  });
  expect(message).toContain(
    'cannot be used: a is "2", not a positive integer; b is 0, not a number above 0; c is "no", not true or false; ' +
      'd is "mish", which is none of gelu, relu; e is [], neither an id nor a list of ids; ' +
      'f is null, not a positive integer; g.h is true, not a positive integer; i is [1], not an object; ' +
      'j is 2, not a number; missing is missing.',
  );
});

test('fields are read, refused, ignored by name, or unknown', () => {
  const config = { read: 1, off: false, on: true, empty: {}, nothing: null, ignored: 1, stray: 1 };
  const message = faultsOf(config, (reader) => {
    reader.number('read');
    reader.refuse({ off: [false], on: [false], empty: [], nothing: [], stranger: [] });
    reader.ignore(['ignored']);
    expect(reader.unknown()).toEqual(['stray']);
    reader.refuseUnknown();
  });
  expect(message).toContain('cannot be used: on is true; only false is supported; stray is not known.');
  expect(faultsOf({ a: [1] }, (reader) => reader.allow('a', []))).toContain(
    'a is [1], which is not computed.',
  );
});
