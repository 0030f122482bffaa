import { crc32, inflateRawSync } from 'node:zlib';

/** What stands before the directory's end, before each of its entries, and before each file (APPNOTE.TXT 4.3). */
const END = 0x06054b50;
const ENTRY = 0x02014b50;
const FILE = 0x04034b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const FILE_BYTES = 30;
const LONGEST_COMMENT = 0xffff;
const STORED = 0;
const DEFLATED = 8;

/**
 * Files of a jar (a ZIP archive without ZIP64) by their path.
 * @throws Error where it is no jar, was cut off, or a file's checksum is another
 */
export function readJar(jar: Buffer, isWanted: (path: string) => boolean): Map<string, Uint8Array> {
  const end = findEnd(jar);
  const count = jar.readUInt16LE(end + 10);
  const files = new Map<string, Uint8Array>();
  let at = jar.readUInt32LE(end + 16);
  for (let entry = 0; entry < count; entry++) {
    if (jar.readUInt32LE(at) !== ENTRY) throw new Error('its directory is broken');
    const nameBytes = jar.readUInt16LE(at + 28);
    const path = jar.toString('utf8', at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes);
    if (isWanted(path)) files.set(path, readFile(jar, at, path));
    at += ENTRY_BYTES + nameBytes + jar.readUInt16LE(at + 30) + jar.readUInt16LE(at + 32);
  }
  return files;
}

function findEnd(jar: Buffer): number {
  const first = Math.max(0, jar.length - END_BYTES - LONGEST_COMMENT);
  for (let at = jar.length - END_BYTES; at >= first; at--) if (jar.readUInt32LE(at) === END) return at;
  throw new Error('it has no directory, so it was cut off or is no jar');
}

/** @param entry where its entry in the directory is */
function readFile(jar: Buffer, entry: number, path: string): Uint8Array {
  const method = jar.readUInt16LE(entry + 10);
  const compressedBytes = jar.readUInt32LE(entry + 20);
  const header = jar.readUInt32LE(entry + 42);
  if (jar.readUInt32LE(header) !== FILE) throw new Error(`${path} is not where its directory says`);
  const start = header + FILE_BYTES + jar.readUInt16LE(header + 26) + jar.readUInt16LE(header + 28);
  const compressed = jar.subarray(start, start + compressedBytes);
  if (method !== STORED && method !== DEFLATED) throw new Error(`${path} is compressed in another way`);
  const bytes = method === STORED ? compressed : inflateRawSync(compressed);
  if (crc32(bytes) !== jar.readUInt32LE(entry + 16)) throw new Error(`${path} has another checksum`);
  return bytes;
}
