/** One change of a picture's light, on values in [0, 1]. */
export interface ColourChange {
  /** Factor of each value's distance from middle grey. */
  readonly contrast: number;
  /** Added to each channel. */
  readonly shift: readonly [number, number, number];
}

const MIDDLE_GREY = 127.5;

/** The picture under another light; values are clipped to their range. @param bytes `size * size * 3` */
export function jitterColours(bytes: Uint8Array, { contrast, shift }: ColourChange): Uint8Array {
  // By a table, as each of the 256 values has one new value per channel.
  const tables = shift.map((added) =>
    Uint8ClampedArray.from(
      { length: 256 },
      (_, value) => (value - MIDDLE_GREY) * contrast + MIDDLE_GREY + added * 255,
    ),
  );
  const out = new Uint8Array(bytes.length);
  for (const [channel, table] of tables.entries()) {
    for (let index = channel; index < bytes.length; index += 3) out[index] = table[bytes[index]!]!;
  }
  return out;
}
