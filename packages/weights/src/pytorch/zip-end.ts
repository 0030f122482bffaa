import { fileFault } from '../file-fault.js';
import type { RandomAccessSource } from '../random-access-source.js';

/** Where an archive's directory lies. */
export interface ZipDirectoryPlace {
  readonly offset: number;
  readonly byteLength: number;
  readonly count: number;
}

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const ZIP64_LOCATOR_SIGNATURE = 0x07064b50;
const ZIP64_LOCATOR_BYTES = 20;
const ZIP64_END_SIGNATURE = 0x06064b50;
const ZIP64_END_BYTES = 56;
/** A checkpoint of 100,000 tensors has a directory of about 10 MB. */
const MAXIMUM_DIRECTORY_BYTES = 64_000_000;

/**
 * Finds the directory of a zip archive from its end (APPNOTE.TXT 4.3.14 to 4.3.16).
 * @throws EimError `invalid-file` where the archive is cut off or the place impossible
 */
export async function findDirectory(source: RandomAccessSource): Promise<ZipDirectoryPlace> {
  const { name: file, size } = source;
  const tailBytes = Math.min(size, END_BYTES + LONGEST_COMMENT + ZIP64_LOCATOR_BYTES);
  const tail = await source.read(size - tailBytes, tailBytes);
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  const end = lastEnd(view);
  if (end === undefined) throw fileFault(file, 'it is a zip archive without its end: it is cut off');
  const place =
    (await zip64Place(source, view, end)) ??
    ({
      count: view.getUint16(end + 10, true),
      byteLength: view.getUint32(end + 12, true),
      offset: view.getUint32(end + 16, true),
    } as const);
  const endOffset = size - tailBytes + end;
  if (place.byteLength > MAXIMUM_DIRECTORY_BYTES) {
    throw fileFault(file, `its zip directory claims ${place.byteLength} bytes`);
  }
  if (place.offset + place.byteLength > endOffset) {
    throw fileFault(file, `its zip directory claims to end at byte ${place.offset + place.byteLength}`);
  }
  return place;
}

function lastEnd(view: DataView): number | undefined {
  for (let at = view.byteLength - END_BYTES; at >= 0; at--) {
    if (view.getUint32(at, true) === END_SIGNATURE) return at;
  }
  return undefined;
}

async function zip64Place(
  source: RandomAccessSource,
  tail: DataView,
  end: number,
): Promise<ZipDirectoryPlace | undefined> {
  const locator = end - ZIP64_LOCATOR_BYTES;
  if (locator < 0 || tail.getUint32(locator, true) !== ZIP64_LOCATOR_SIGNATURE) return undefined;
  const at = Number(tail.getBigUint64(locator + 8, true));
  if (at + ZIP64_END_BYTES > source.size) throw fileFault(source.name, 'its zip64 end is out of bounds');
  const bytes = await source.read(at, ZIP64_END_BYTES);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== ZIP64_END_SIGNATURE) {
    throw fileFault(source.name, 'its zip64 end is damaged');
  }
  return {
    count: Number(view.getBigUint64(32, true)),
    byteLength: Number(view.getBigUint64(40, true)),
    offset: Number(view.getBigUint64(48, true)),
  };
}
