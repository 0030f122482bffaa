import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { readJar } from './read-jar.js';

const text = 'a line of words\n'.repeat(500);
const jar = Buffer.from(
  zipSync(
    { 'one.txt': strToU8(text), 'folder/two.txt': [strToU8('stored'), { level: 0 }], 'é.txt': strToU8('x') },
    { comment: 'a comment that ends it' },
  ),
);
const all = (bytes: Buffer) =>
  Object.fromEntries(
    [...readJar(bytes, () => true)].map(([path, file]) => [path, Buffer.from(file).toString()]),
  );

test('gives the files wanted, compressed or stored', () => {
  expect(all(jar)).toEqual({ 'one.txt': text, 'folder/two.txt': 'stored', 'é.txt': 'x' });
  expect([...readJar(jar, (path) => path.endsWith('two.txt')).keys()]).toEqual(['folder/two.txt']);
});

test('what was cut off or changed is refused', () => {
  for (let length = 0; length < jar.length - 30; length += 7)
    expect(() => all(jar.subarray(0, length))).toThrow();
  const changed = Buffer.from(jar);
  changed[jar.indexOf('stored') + 1]! ^= 1;
  expect(() => all(changed)).toThrow(/two\.txt has another checksum/);
});
