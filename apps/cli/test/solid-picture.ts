/** A square picture of one colour as a BMP file: 24 bits a pixel, rows from the bottom up. */
export function encodeBmp(side: number, [red, green, blue]: readonly [number, number, number]): Buffer {
  const stride = Math.ceil((side * 3) / 4) * 4;
  const file = Buffer.alloc(54 + stride * side);
  file.write('BM', 0, 'latin1');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(54, 10); // where the pixels begin
  file.writeUInt32LE(40, 14); // size of this header
  file.writeInt32LE(side, 18);
  file.writeInt32LE(side, 22);
  file.writeUInt16LE(1, 26); // planes
  file.writeUInt16LE(24, 28);
  file.writeUInt32LE(stride * side, 34);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      file.set([blue, green, red], 54 + row * stride + column * 3);
    }
  }
  return file;
}
