import { deflateSync } from 'node:zlib';
import type { RawPicture } from '@eim/contracts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++)
    remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  return remainder >>> 0;
});

/** A picture as a PNG file: 8-bit RGB, rows unfiltered or filtered by `Up`, whichever deflates better. */
export function encodePng({ width, height, data }: RawPicture): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8); // bit depth, RGB, deflate, adaptive filters, not interlaced
  const plain = deflateSync(filteredRows(data, width * 3, height, false), { level: 9 });
  const up = deflateSync(filteredRows(data, width * 3, height, true), { level: 9 });
  const pixels = up.length < plain.length ? up : plain;
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function filteredRows(data: Uint8Array, stride: number, height: number, up: boolean): Buffer {
  const out = Buffer.alloc((stride + 1) * height);
  for (let row = 0; row < height; row++) {
    const to = row * (stride + 1);
    out[to] = up ? 2 : 0;
    for (let i = 0; i < stride; i++) {
      const above = up && row > 0 ? data[(row - 1) * stride + i]! : 0;
      out[to + 1 + i] = (data[row * stride + i]! - above) & 0xff;
    }
  }
  return out;
}

function chunk(type: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
