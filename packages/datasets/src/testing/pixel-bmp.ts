/** A BMP file of one pixel: the smallest picture that tests can write. */
export function pixelBmp(red: number, green: number, blue: number): Uint8Array {
  const bytes = new Uint8Array(58);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  const header = [
    [10, 54], // where the pixels begin
    [14, 40], // length of the second header
    [18, 1], // width
    [22, 1], // height
  ] as const;
  for (const [at, value] of header) view.setUint32(at, value, true);
  view.setUint16(28, 24, true); // bits a pixel
  bytes.set([blue, green, red], 54);
  return bytes;
}
