import { crc32 } from './crc32.js';
import { joinedBytes } from './joined-bytes.js';

/** One file of an archive. */
export interface ArchivedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
/** Version 2.0, no flags, stored, 1 January 1980: the same files give the same bytes. */
const COMMON = [20, 0, 0, 0, 0x21] as const;
/** Where `torch.save` lets contents begin, so that they can be mapped into memory. */
const ALIGNMENT = 64;
/** Name of the extra field that fills up to there (`FB`). */
const FILLING = 0x4246;

/** A zip archive of files that are stored as they are (APPNOTE.TXT 4.3), in pieces. The whole stays below 4 GiB. */
export function* storedZip(files: readonly ArchivedFile[]): Generator<Uint8Array> {
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, bytes } of files) {
    const path = new TextEncoder().encode(name);
    const sum = crc32(bytes);
    const filling = fillingBehind(offset + 30 + path.length);
    const sizes = [sum, bytes.length, bytes.length];
    const local = concatenated(
      numbers(4, LOCAL),
      numbers(2, ...COMMON),
      numbers(4, ...sizes),
      numbers(2, path.length, filling.length),
      path,
      filling,
    );
    directory.push(
      concatenated(
        numbers(4, CENTRAL),
        numbers(2, 20, ...COMMON),
        numbers(4, ...sizes),
        numbers(2, path.length, 0, 0, 0, 0),
        numbers(4, 0, offset),
        path,
      ),
    );
    yield local;
    yield bytes;
    offset += local.length + bytes.length;
  }
  const entries = concatenated(...directory);
  yield entries;
  yield concatenated(
    numbers(4, END),
    numbers(2, 0, 0, files.length, files.length),
    numbers(4, entries.length, offset),
    numbers(2, 0),
  );
}

/** An extra field that ends at the next multiple of the alignment. @param start where the field begins */
function fillingBehind(start: number): Uint8Array {
  const missing = ALIGNMENT - ((start + 4) % ALIGNMENT);
  return concatenated(numbers(2, FILLING, missing), new Uint8Array(missing));
}

/** Little-endian. */
function numbers(byteLength: 2 | 4, ...values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(byteLength * values.length));
  values.forEach((value, index) => {
    if (byteLength === 2) view.setUint16(2 * index, value, true);
    else view.setUint32(4 * index, value, true);
  });
  return new Uint8Array(view.buffer);
}

const concatenated = (...pieces: readonly Uint8Array[]): Uint8Array => joinedBytes(pieces);
