import { rgbPng } from '../../../tools/lib/rgb-png.mjs';

/**
 * A picture of two colours side by side as a PNG file whose EXIF record says that it lies on its side: who turns it sees one above
 * the other.
 */
export function lyingPng(side: number, left: readonly number[], right: readonly number[]): Buffer {
  const row = [0, ...Array.from({ length: side }, (_, x) => (2 * x < side ? left : right)).flat()];
  const data = Buffer.from(Array.from({ length: side }, () => row).flat());
  // TIFF, little endian: one entry, orientation (0x112), a short, 6
  const exif = Buffer.from('49492a0008000000010012010300010000000600000000000000', 'hex');
  return rgbPng(side, side, data, { eXIf: exif });
}
