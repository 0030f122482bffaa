import type { RandomStream } from '@eim/contracts';
import type { Augmentation } from '../../plan/segment-schema.js';

/** Where source pixel (row, column) of a square of side `size` goes: index into its pixels. */
type Move = (row: number, column: number, size: number) => number;

const MOVES: Readonly<Record<'horizontal' | 'vertical' | 'turn', Move>> = {
  horizontal: (row, column, size) => row * size + (size - 1 - column),
  vertical: (row, column, size) => (size - 1 - row) * size + column,
  turn: (row, column, size) => column * size + (size - 1 - row),
};

function moved(bytes: Uint8Array, size: number, move: Move): Uint8Array {
  const out = new Uint8Array(bytes.length);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const from = (row * size + column) * 3;
      const to = move(row, column, size) * 3;
      out[to] = bytes[from]!;
      out[to + 1] = bytes[from + 1]!;
      out[to + 2] = bytes[from + 2]!;
    }
  }
  return out;
}

/**
 * Draws flips and clockwise quarter-turns for one square picture. The same number of draws is made whatever
 * they say, so that what follows in the stream does not depend on them.
 * @param bytes `size * size * 3`; never changed
 */
export function augmentBytes(
  bytes: Uint8Array,
  size: number,
  augmentations: readonly Augmentation[],
  random: RandomStream,
): Uint8Array {
  let picture = bytes;
  for (const augmentation of augmentations) {
    if (augmentation === 'quarter-turns') {
      const turns = random.integer(4);
      for (let turn = 0; turn < turns; turn += 1) picture = moved(picture, size, MOVES.turn);
    } else if (random.integer(2) === 1) {
      picture = moved(picture, size, augmentation === 'horizontal-flip' ? MOVES.horizontal : MOVES.vertical);
    }
  }
  return picture;
}
