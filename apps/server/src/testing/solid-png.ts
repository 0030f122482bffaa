import { crc32, deflateSync } from 'node:zlib';

/** A red picture as the data: URL of a PNG file (RGB, 8 bits), which is small however many pixels it has. */
export function solidPng(width = 5, height = 4): string {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8); // depth, RGB, and the only kinds there are
  const row = Buffer.alloc(1 + width * 3);
  for (let at = 1; at < row.length; at += 3) row[at] = 255;
  const pixels = deflateSync(Buffer.concat(new Array<Buffer>(height).fill(row)));
  const chunk = (type: string, data: Buffer): Buffer => {
    const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(data.length, 0);
    ends.writeUInt32BE(crc32(named), 4);
    return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
  };
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const file = [signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))];
  return `data:image/png;base64,${Buffer.concat(file).toString('base64')}`;
}
