import { fileFault } from '../file-fault.js';
import type { RandomAccessSource } from '../random-access-source.js';
import { findDirectory } from './zip-end.js';

/** One file of an archive. */
export interface ZipEntry {
  readonly name: string;
  readonly byteLength: number;
  /** In the archive. */
  readonly packedLength: number;
  /** False where it is compressed or encrypted, as PyTorch writes none. */
  readonly stored: boolean;
  /** True where it is compressed by Deflate and not encrypted. */
  readonly deflated: boolean;
  /** Of its local header, from the start of the archive. */
  readonly headerOffset: number;
}

const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;
const ENCRYPTED = 1;
const DEFLATE = 8;
const ZIP64_FIELD = 1;
const IN_ZIP64 = 0xffffffff;

/**
 * The directory of a zip archive, as PKWARE's APPNOTE.TXT 6.3.10 lays it out (4.3.12 and 4.5.3): names, sizes and places,
 * so that stored files can be read by range, which libraries that inflate whole files do not offer.
 * @throws EimError `invalid-file`
 */
export async function readZipDirectory(source: RandomAccessSource): Promise<ReadonlyMap<string, ZipEntry>> {
  const { offset, byteLength, count } = await findDirectory(source);
  const bytes = await source.read(offset, byteLength);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (at + ENTRY_BYTES > byteLength || view.getUint32(at, true) !== ENTRY_SIGNATURE) {
      throw fileFault(source.name, `entry ${index} of its zip directory is damaged`);
    }
    const nameEnd = at + ENTRY_BYTES + view.getUint16(at + 28, true);
    const extraEnd = nameEnd + view.getUint16(at + 30, true);
    const next = extraEnd + view.getUint16(at + 32, true);
    if (next > byteLength) throw fileFault(source.name, `entry ${index} of its zip directory is cut off`);
    const name = new TextDecoder().decode(bytes.subarray(at + ENTRY_BYTES, nameEnd));
    const [packed, byteLengthOfEntry, headerOffset] = placesOf(view, at, nameEnd, extraEnd);
    const encrypted = (view.getUint16(at + 8, true) & ENCRYPTED) !== 0;
    const method = view.getUint16(at + 10, true);
    const stored = method === 0 && !encrypted && packed === byteLengthOfEntry;
    const deflated = method === DEFLATE && !encrypted;
    if (entries.has(name)) throw fileFault(source.name, `it holds "${name}" twice`, { entry: name });
    if (headerOffset + LOCAL_BYTES + (stored || deflated ? packed : 0) > offset) {
      throw fileFault(source.name, `"${name}" in it reaches beyond the data`, { entry: name });
    }
    entries.set(name, {
      name,
      byteLength: byteLengthOfEntry,
      packedLength: packed,
      stored,
      deflated,
      headerOffset,
    });
    at = next;
  }
  return entries;
}

/** Packed size, size and header offset; sizes of 4 GiB and more stand in an extra field. */
function placesOf(view: DataView, at: number, extra: number, extraEnd: number): [number, number, number] {
  const places: [number, number, number] = [
    view.getUint32(at + 20, true),
    view.getUint32(at + 24, true),
    view.getUint32(at + 42, true),
  ];
  for (let field = extra; field + 4 <= extraEnd; field += 4 + view.getUint16(field + 2, true)) {
    if (view.getUint16(field, true) !== ZIP64_FIELD) continue;
    let value = field + 4;
    // In this order, and only those that did not fit.
    for (const index of [1, 0, 2]) {
      if (places[index] !== IN_ZIP64 || value + 8 > extraEnd) continue;
      places[index] = Number(view.getBigUint64(value, true));
      value += 8;
    }
  }
  return places;
}

/**
 * Where the bytes of a stored file begin, which only its local header says.
 * @throws EimError `invalid-file` where it is compressed or its header damaged
 */
export async function zipEntryStart(source: RandomAccessSource, entry: ZipEntry): Promise<number> {
  if (!entry.stored)
    throw fileFault(source.name, `"${entry.name}" in it is compressed, which PyTorch never does`);
  return await zipDataStart(source, entry);
}

/**
 * Where the bytes of a file begin as they lie in the archive, compressed or not: `packedLength` of them.
 * @throws EimError `invalid-file` where its header is damaged
 */
export async function zipDataStart(
  source: RandomAccessSource,
  { name, headerOffset, packedLength }: ZipEntry,
): Promise<number> {
  const header = await source.read(headerOffset, LOCAL_BYTES);
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const start = headerOffset + LOCAL_BYTES + view.getUint16(26, true) + view.getUint16(28, true);
  if (view.getUint32(0, true) !== LOCAL_SIGNATURE || start + packedLength > source.size) {
    throw fileFault(source.name, `the header of "${name}" in it is damaged`, { entry: name });
  }
  return start;
}
