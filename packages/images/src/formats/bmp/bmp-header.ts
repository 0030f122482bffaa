import { pictureFault } from '../picture-fault.js';

/** What a BMP's headers say. */
export interface BmpHeader {
  readonly width: number;
  readonly height: number;
  /** Whether the first row comes first. */
  readonly fromTop: boolean;
  readonly bits: 1 | 4 | 8 | 16 | 24 | 32;
  /** How palette indices are packed: one behind the other, or in runs of 4 or 8 bits. */
  readonly packing: 'plain' | 'runs-8' | 'runs-4';
  /** Bits of red, green and blue, where the file names them. */
  readonly masks: readonly [red: number, green: number, blue: number] | undefined;
  readonly pixelStart: number;
  readonly paletteStart: number;
  /** 3, or 4 with one that is not used. */
  readonly paletteEntryBytes: 3 | 4;
  readonly paletteEntries: number;
}

const FILE_HEADER_BYTES = 14;
/** Of OS/2's first header, whose sizes have 16 bits. */
const OLD_HEADER_BYTES = 12;
const HEADERS: readonly number[] = [OLD_HEADER_BYTES, 40, 52, 56, 64, 108, 124];
const DEPTHS: readonly number[] = [1, 4, 8, 16, 24, 32];
const [PLAIN, RUNS_8, RUNS_4, BIT_FIELDS] = [0, 1, 2, 3];
/** More than any camera makes; protects against headers that lie. */
const MOST_PIXELS = 2 ** 28;

/** Reads and checks the headers. @throws EimError `invalid-file` */
export function readBmpHeader(bytes: Uint8Array, source: string): BmpHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fault = (reason: string) => pictureFault(source, reason);
  if (bytes.length < FILE_HEADER_BYTES + 4) throw fault('its BMP header is cut off');
  const headerBytes = view.getUint32(14, true);
  if (!HEADERS.includes(headerBytes)) throw fault(`its BMP header has ${headerBytes} bytes, as none has`);
  const headerEnd = FILE_HEADER_BYTES + headerBytes;
  if (bytes.length < headerEnd) throw fault('its BMP header is cut off');
  const old = headerBytes === OLD_HEADER_BYTES;
  const width = old ? view.getUint16(18, true) : view.getInt32(18, true);
  const signedHeight = old ? view.getUint16(20, true) : view.getInt32(22, true);
  const bits = view.getUint16(old ? 24 : 28, true);
  const compression = old ? PLAIN : view.getUint32(30, true);
  const height = Math.abs(signedHeight); // negative: the first row comes first
  if (!DEPTHS.includes(bits)) throw fault(`it is a BMP of ${bits} bits a pixel`);
  if (!(width > 0 && height > 0 && width * height <= MOST_PIXELS)) {
    throw fault(`its BMP header claims ${width} x ${height} pixels`);
  }
  const runs = compression === RUNS_8 ? 'runs-8' : compression === RUNS_4 ? 'runs-4' : undefined;
  const fits = runs === undefined ? compression === PLAIN || compression === BIT_FIELDS : bits <= 8;
  if (!fits) throw fault(`it is a compressed BMP (kind ${compression}) of ${bits} bits a pixel`);
  const named = compression === BIT_FIELDS;
  const masksEnd = 14 + 40 + 12;
  if (named && bytes.length < masksEnd) throw fault('its BMP header is cut off');
  const paletteStart = named && headerBytes === 40 ? masksEnd : headerEnd;
  const colours = old ? 0 : view.getUint32(46, true);
  return {
    width,
    height,
    fromTop: signedHeight < 0,
    bits: bits as BmpHeader['bits'],
    packing: runs ?? 'plain',
    masks: named ? [view.getUint32(54, true), view.getUint32(58, true), view.getUint32(62, true)] : undefined,
    pixelStart: view.getUint32(10, true),
    paletteStart,
    paletteEntryBytes: old ? 3 : 4,
    paletteEntries: bits > 8 ? 0 : Math.min(colours === 0 ? 2 ** bits : colours, 256),
  };
}
