import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { Paraphrases } from '../coco-caption/meteor/paraphrases.js';

/** Read as numbers of the machine: one of another byte order does not find its mark. */
const MARK = 0x45494d50;
const VERSION = 1;
/** Mark, version, checksum, nodes, slots, paraphrases, bytes of the words. */
const HEADER = 7;
const BYTES = Int32Array.BYTES_PER_ELEMENT;
const PRIME = 0x01000193;

/** Writes a table as it lies in memory; a file of that name is replaced once the new one is whole. */
export async function writeParaphraseFile(file: string, { arrays }: Paraphrases): Promise<void> {
  const words = Buffer.from(arrays.wordList, 'utf8');
  const { nodes, slots, others } = arrays;
  const padded = new Int32Array(Math.ceil(words.length / BYTES));
  Buffer.from(padded.buffer).set(words);
  const sections = [nodes, slots, arrays.listStarts, others, padded];
  const body = sections.reduce((sum, { length }) => sum + length, 0);
  const all = new Int32Array(HEADER + body);
  let at = HEADER;
  for (const section of sections) {
    all.set(section, at);
    at += section.length;
  }
  all.set([MARK, VERSION, 0, nodes.length / 2, slots.length, others.length, words.length]);
  all[CHECKSUM] = checksum(all);
  const temporary = `${file}.${randomUUID()}`;
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(new Uint8Array(all.buffer));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw cause;
  }
}

const CHECKSUM = 2;

/** The table that `writeParaphraseFile` wrote; undefined where there is none, or the file is not what was written. */
export function readParaphraseFile(file: string): Paraphrases | undefined {
  if (!existsSync(file)) return undefined;
  const bytes = readFileSync(file);
  if (bytes.length % BYTES !== 0 || bytes.length < HEADER * BYTES) return undefined;
  const all = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / BYTES);
  const [mark, version, , nodes, slots, others, wordBytes] = all as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const lengths = [nodes * 2, slots, nodes + 1, others, Math.ceil(wordBytes / BYTES)];
  const expected = lengths.reduce((sum, length) => sum + length, HEADER);
  if (mark !== MARK || version !== VERSION || expected !== all.length) return undefined;
  if (all[CHECKSUM] !== checksum(all)) return undefined;
  let at = HEADER;
  const sections = lengths.map((length) => {
    const section = all.subarray(at, at + length);
    at += length;
    return section;
  });
  const [trie, slotArray, listStarts, otherArray, padded] = sections as [
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  const wordList = Buffer.from(padded.buffer, padded.byteOffset, wordBytes).toString('utf8');
  return new Paraphrases({ nodes: trie, slots: slotArray, listStarts, others: otherArray, wordList });
}

/** Of all but itself. Four numbers side by side, as each step waits for the one before. */
function checksum(all: Int32Array): number {
  let first = 1;
  let second = 2;
  let third = 3;
  let fourth = 4;
  let at = CHECKSUM + 1;
  for (; at + 3 < all.length; at += 4) {
    first = Math.imul(first ^ all[at]!, PRIME);
    second = Math.imul(second ^ all[at + 1]!, PRIME);
    third = Math.imul(third ^ all[at + 2]!, PRIME);
    fourth = Math.imul(fourth ^ all[at + 3]!, PRIME);
  }
  for (; at < all.length; at++) first = Math.imul(first ^ all[at]!, PRIME);
  for (const part of [second, third, fourth]) first = Math.imul(first ^ part, PRIME) ^ (first >>> 15);
  return first | 0;
}
