/**
 * Pillow's `cmyk2rgb` (src/libImaging/Convert.c): no colour profile, `(255 - k) * (255 - ink) / 255` with its
 * rounding.
 * @param inks cyan, magenta, yellow, black, 4 bytes a pixel, 255 being full ink
 */
export function cmykToRgb(inks: Uint8Array): Uint8Array {
  const data = new Uint8Array((inks.length / 4) * 3);
  for (let from = 0, to = 0; from < inks.length; from += 4) {
    const light = 255 - inks[from + 3]!;
    for (let channel = 0; channel < 3; channel++) {
      const product = inks[from + channel]! * light + 128;
      data[to++] = Math.max(0, light - (((product >> 8) + product) >> 8));
    }
  }
  return data;
}
