import type { RawPicture } from '@eim/contracts';
import { EimError } from '@eim/contracts';
import { checkPicture } from './check-picture.js';
import { cropPicture } from './crop-picture.js';
import { nearestPicture } from './nearest-picture.js';
import type { PictureSize, PictureWindow } from './picture-window.js';
import { resampleColumns, resampleRows } from './resample.js';
import type { ResampleCoefficients, ResizeFilter, WeighingFilter } from './resample-coefficients.js';
import { resampleCoefficients } from './resample-coefficients.js';

/**
 * `Image.resize` of Pillow, byte for byte: along rows and along columns, with 8 bits in between.
 * @param window the part of the resized picture that is wanted; only this part is computed
 * @throws EimError `invalid-argument` for a broken picture or an impossible size
 */
export function resizePicture(
  picture: RawPicture,
  size: PictureSize,
  filter: ResizeFilter,
  window: PictureWindow = { left: 0, top: 0, ...size },
): RawPicture {
  checkPicture(picture);
  checkWindow(size, window);
  if (filter === 'nearest') return nearestPicture(picture, size, window);
  const columns = planAxis(picture.width, size.width, filter, window.left, window.width);
  const rows = planAxis(picture.height, size.height, filter, window.top, window.height);
  const needed = cropPicture(picture, {
    left: columns.first,
    top: rows.first,
    width: columns.length,
    height: rows.length,
  });
  const passes = [
    (input: RawPicture) => (columns.coefficients ? resampleRows(input, columns.coefficients) : input),
    (input: RawPicture) => (rows.coefficients ? resampleColumns(input, rows.coefficients) : input),
  ];
  if (columnsFirst(picture, size)) passes.reverse();
  return passes.reduce((input, pass) => pass(input), needed);
}

/**
 * Pillow 13 goes along columns first where the height shrinks by more than twice what the width does; before,
 * rows always came first. The rounding in between makes this a matter of one grey level.
 */
function columnsFirst(from: PictureSize, to: PictureSize): boolean {
  const lost = from.height - to.height;
  return lost > 0 && lost > (from.width - to.width) * 2;
}

/** Which input pixels of an axis are needed, and their weights; no weights where the size stays. */
interface AxisPlan {
  readonly first: number;
  readonly length: number;
  readonly coefficients?: ResampleCoefficients;
}

function planAxis(
  inputSize: number,
  outputSize: number,
  filter: WeighingFilter,
  first: number,
  count: number,
): AxisPlan {
  // Pillow leaves a pass out where it would change nothing.
  if (inputSize === outputSize) return { first, length: count };
  const coefficients = resampleCoefficients(inputSize, outputSize, filter, first, count);
  const start = coefficients.starts[0]!;
  const length = coefficients.starts[count - 1]! + coefficients.counts[count - 1]! - start;
  const starts = coefficients.starts.map((position) => position - start);
  return { first: start, length, coefficients: { ...coefficients, starts } };
}

function checkWindow(size: PictureSize, { left, top, width, height }: PictureWindow): void {
  const values = [size.width, size.height, left, top, width, height];
  const inside = left >= 0 && top >= 0 && left + width <= size.width && top + height <= size.height;
  if (values.every(Number.isSafeInteger) && width > 0 && height > 0 && inside) return;
  throw new EimError({
    code: 'invalid-argument',
    message: `A window of ${width} x ${height} at (${left}, ${top}) does not lie in a picture of ${size.width} x ${size.height}.`,
    data: { size, window: { left, top, width, height } },
  });
}
