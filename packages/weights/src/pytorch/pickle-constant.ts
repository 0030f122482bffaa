import type { PickleReader } from './pickle-reader.js';

/**
 * The value that an operation of a pickle carries with it, or undefined where it is no such operation.
 * @throws RangeError where the pickle is cut off
 */
export function readConstant(operation: number, reader: PickleReader): unknown {
  switch (operation) {
    case 0x4e: // NONE
      return null;
    case 0x88: // NEWTRUE
      return true;
    case 0x89: // NEWFALSE
      return false;
    case 0x4a: // BININT
      return reader.int32();
    case 0x4b: // BININT1
      return reader.byte();
    case 0x4d: // BININT2
      return reader.uint16();
    case 0x8a: // LONG1
      return reader.long(reader.byte());
    case 0x8b: // LONG4
      return reader.long(reader.uint32());
    case 0x47: // BINFLOAT
      return reader.float64();
    case 0x58: // BINUNICODE
    case 0x54: // BINSTRING
      return reader.text(reader.uint32());
    case 0x8c: // SHORT_BINUNICODE
    case 0x55: // SHORT_BINSTRING
      return reader.text(reader.byte());
    case 0x8d: // BINUNICODE8
      return reader.text(reader.uint64());
    case 0x42: // BINBYTES
      return reader.slice(reader.uint32());
    case 0x43: // SHORT_BINBYTES
      return reader.slice(reader.byte());
    case 0x8e: // BINBYTES8
    case 0x96: // BYTEARRAY8
      return reader.slice(reader.uint64());
    default:
      return undefined;
  }
}
