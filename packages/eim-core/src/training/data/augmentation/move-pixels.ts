/** The index at which the source pixel (row, column) of a square of side `size` ends up. */
type Move = (row: number, column: number, size: number) => number;

function moving(move: Move): (bytes: Uint8Array, size: number) => Uint8Array {
  return (bytes, size) => {
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
  };
}

/** Left becomes right. */
export const flipHorizontally = moving((row, column, size) => row * size + (size - 1 - column));

/** Top becomes bottom. */
export const flipVertically = moving((row, column, size) => (size - 1 - row) * size + column);

/** A quarter-turn clockwise. */
export const quarterTurn = moving((row, column, size) => column * size + (size - 1 - row));
