import { tokenizerFault } from '../published/tokenizer-fault.js';
import type { Piece, PieceVocabulary } from './piece-vocabulary.js';

const UNKNOWN = 0;
const BEGIN = 1;
const END = 2;
/** Longest text of a piece that any vocabulary comes near. */
const LONGEST_PIECE_BYTES = 65_536;

/**
 * Reads llama2.c's `tokenizer.bin` (karpathy/llama2.c, tokenizer.py `export`): the longest piece's length, then
 * score, length and bytes of each piece. Spaces stand as spaces; the first three pieces are unknown, begin, end.
 * @param file for messages
 * @throws EimError `invalid-file`
 */
export function readLlama2cVocabulary(bytes: Uint8Array, file: string): PieceVocabulary {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const pieces: Piece[] = [];
  const cutOff = () =>
    tokenizerFault(file, `as a llama2.c vocabulary it is cut off at piece ${pieces.length}`);
  if (bytes.length < 4) throw cutOff();
  const longest = view.getInt32(0, true);
  for (let at = 4; at < bytes.length; ) {
    if (at + 8 > bytes.length) throw cutOff();
    const score = view.getFloat32(at, true);
    const length = view.getInt32(at + 4, true);
    if (length < 0 || length > LONGEST_PIECE_BYTES) {
      throw tokenizerFault(file, `as a llama2.c vocabulary its piece ${pieces.length} has ${length} bytes`);
    }
    at += 8 + length;
    if (at > bytes.length) throw cutOff();
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(at - length, at));
    pieces.push({ text, score, kind: kindOf(pieces.length, text) });
  }
  if (pieces.length <= END || longest < 0) throw tokenizerFault(file, 'it has too few pieces');
  return {
    pieces,
    space: ' ',
    dummyPrefix: true,
    removeExtraSpaces: false,
    byteFallback: true,
    begin: BEGIN,
    end: END,
    unknown: UNKNOWN,
  };
}

function kindOf(id: number, text: string): Piece['kind'] {
  if (id === UNKNOWN) return 'unknown';
  if (id === BEGIN || id === END) return 'control';
  return /^<0x[0-9A-F]{2}>$/.test(text) ? 'byte' : 'normal';
}
