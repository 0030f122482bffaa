import { pictureFault } from './picture-fault.js';

/** @throws EimError `invalid-file` for a picture of more pixels than are allowed; absent: any number is */
export function checkPixels(
  width: number,
  height: number,
  maxPixels: number | undefined,
  source: string,
): void {
  if (maxPixels === undefined || width * height <= maxPixels) return;
  throw pictureFault(source, `it has ${width} x ${height} pixels, and at most ${maxPixels} are allowed`);
}
