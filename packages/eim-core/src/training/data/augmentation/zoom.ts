/** The part of a picture that a zoom keeps; lengths are shares of the picture's side. */
export interface ZoomWindow {
  readonly side: number;
  readonly left: number;
  readonly top: number;
}

/**
 * A square window of a square picture, enlarged to the picture's size (bilinear, pixel centres at half-integers,
 * edges repeated).
 * @param bytes `size * size * 3`
 */
export function zoom(bytes: Uint8Array, size: number, { side, left, top }: ZoomWindow): Uint8Array {
  const columns = positions(size, side, left);
  const rows = positions(size, side, top);
  const out = new Uint8Array(bytes.length);
  for (let row = 0; row < size; row += 1) {
    const { low: above, high: below, share: down } = rows[row]!;
    for (let column = 0; column < size; column += 1) {
      const { low: before, high: after, share: right } = columns[column]!;
      const upperLeft = (above * size + before) * 3;
      const upperRight = (above * size + after) * 3;
      const lowerLeft = (below * size + before) * 3;
      const lowerRight = (below * size + after) * 3;
      const to = (row * size + column) * 3;
      for (let channel = 0; channel < 3; channel += 1) {
        const upper = bytes[upperLeft + channel]! * (1 - right) + bytes[upperRight + channel]! * right;
        const lower = bytes[lowerLeft + channel]! * (1 - right) + bytes[lowerRight + channel]! * right;
        out[to + channel] = Math.round(upper * (1 - down) + lower * down);
      }
    }
  }
  return out;
}

/** For each pixel of a line: its two source pixels and the share of the second. */
function positions(size: number, side: number, start: number) {
  return Array.from({ length: size }, (_, index) => {
    const source = Math.min(Math.max((index + 0.5) * side + start * size - 0.5, 0), size - 1);
    const low = Math.floor(source);
    return { low, high: Math.min(low + 1, size - 1), share: source - low };
  });
}
