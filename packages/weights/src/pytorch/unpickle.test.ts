import { expect, test } from 'vitest';
import { readContents } from './checkpoint-contents.js';
import { collectTensors } from './collect-tensors.js';
import { OpaqueValue, StorageReference } from './pickle-value.js';
import { rebuildTensor } from './rebuild-tensor.js';
import { TORCH_ACTIONS } from './torch-actions.js';
import { unpickle } from './unpickle.js';

const read = (...bytes: (number | string)[]) =>
  unpickle(
    Uint8Array.from(bytes.flatMap((item) => (typeof item === 'string' ? [...Buffer.from(item)] : [item]))),
    TORCH_ACTIONS,
  );

test('reads plain data', () => {
  expect(read(0x80, 2, '}(', 0x8c, 1, 'a', 'K', 3, 0x8c, 1, 'b', ']', 'K', 1, 'a', 'u.')).toEqual(
    new Map<string, unknown>([
      ['a', 3],
      ['b', [1]],
    ]),
  );
  expect(read(0x8a, 2, 0xff, 0x7f, '.')).toBe(32_767);
  expect(read(0x8a, 1, 0xff, '.')).toBe(-1);
  expect(read(0x8a, 8, 0, 0, 0, 0, 0, 0, 0, 0x80, '.')).toBe(-(2n ** 63n));
});

test.each<[fault: string, bytes: (number | string)[], message: RegExp]>([
  ['nothing', [], /cut off/],
  ['a text that never ends', ['X', 255, 255, 255, 255, 'a'], /cut off/],
  ['a text beyond 2^53', [0x8d, 255, 255, 255, 255, 255, 255, 255, 255], /cut off/],
  ['an integer of a megabyte', [0x8b, 0, 0, 16, 0], /integer of 1048576 bytes/],
  ['an empty stack', ['.'], /takes more than there is/],
  ['no mark', ['K', 1, 't.'], /no mark/],
  ['a value never kept', ['h', 9, '.'], /recalls value 9/],
  ['items into a number', ['K', 1, 'K', 1, 'a.'], /fills what is no Array/],
  ['text operations of protocol 0', ["S'a'\n."], /operation 0x53 at byte 0/],
  ['an extension', [0x82, 1, '.'], /operation 0x82/],
])('%s is refused', (_, bytes, message) => {
  expect(() => read(...bytes)).toThrow(message);
});

test('what is not on the list stands for its name alone, whatever is done with it', () => {
  const command = new OpaqueValue('os.system');
  expect(read('cos\nsystem\n', 0x8c, 2, 'ls', 0x85, 'R.')).toEqual(command);
  expect(read('cbuiltins\nconstructor\n.')).toEqual(new OpaqueValue('builtins.constructor'));
  // made, with named arguments, filled as a dictionary and as a list, and given a state
  expect(read('cos\nsystem\n', ')}', 0x92, '(K', 1, 'K', 2, 'u(K', 3, 'e}b.')).toEqual(command);
  expect(() => readContents(command)).toThrow(/asks for os\.system, which is not on the list/);
  expect(() => readContents(new Map([['x', command]]))).toThrow(/"x" in it asks for os\.system/);
});

test('contents that hold themselves or multiply without end are refused', () => {
  const list: unknown[] = [];
  list.push(list);
  expect(() => collectTensors(list)).toThrow(/holds itself/);
  let doubling: unknown[] = [];
  for (let i = 0; i < 60; i++) doubling = [doubling, doubling];
  expect(() => collectTensors(doubling)).toThrow(/more than 100000 lists/);
});

const storage = new StorageReference('0', 'F32', 12);
test.each<[fault: string, values: unknown[], message: RegExp]>([
  ['beyond its storage', [storage, 1, [3, 4], [4, 1]], /reaches element 12 of a storage of 12/],
  ['with a negative stride', [storage, 0, [2], [-1]], /impossible shape/],
  ['repeated without end', [storage, 0, [2 ** 40], [0]], /repeats a storage of 12 elements too often/],
  [
    'without elements beyond counting',
    [storage, 0, [...new Array(25).fill(2 ** 50), 0], new Array(26).fill(0)],
    /too often/,
  ],
  ['without storage', [null, 0, [2], [1]], /no storage/],
])('a view %s is refused', (_, values, message) => {
  expect(() => rebuildTensor(values)).toThrow(message);
});
