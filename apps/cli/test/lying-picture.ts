import { crc32, deflateSync } from 'node:zlib';

/**
 * A picture of two colours side by side as a PNG file whose EXIF record says that it lies on its side: who turns it sees one above
 * the other.
 */
export function lyingPng(side: number, left: readonly number[], right: readonly number[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2, 0, 0, 0], 8); // depth, RGB, and the only kinds there are
  const row = [0, ...Array.from({ length: side }, (_, x) => (2 * x < side ? left : right)).flat()];
  const pixels = deflateSync(Buffer.from(Array.from({ length: side }, () => row).flat()));
  // TIFF, little endian: one entry, orientation (0x112), a short, 6
  const exif = Buffer.from('49492a0008000000010012010300010000000600000000000000', 'hex');
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const chunks = [chunk('IHDR', header), chunk('eXIf', exif), chunk('IDAT', pixels), chunk('IEND')];
  return Buffer.concat([signature, ...chunks]);
}

function chunk(type: string, data: Buffer = Buffer.alloc(0)): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
}
