import type { PixelValues } from '@eim/contracts';
import type { PictureSize, PictureWindow } from './picture-window.js';

/** The part of a window that lies in a picture. */
export function visibleWindow(size: PictureSize, window: PictureWindow): PictureWindow {
  const [left, top] = [Math.max(0, window.left), Math.max(0, window.top)];
  const right = Math.min(size.width, window.left + window.width);
  const bottom = Math.min(size.height, window.top + window.height);
  return { left, top, width: right - left, height: bottom - top };
}

/**
 * Pixels of the visible part of a window, with a colour around them.
 * @param values `[visible.height, visible.width, 3]` @returns `[window.height, window.width, 3]`, of the same type
 */
export function padToWindow(
  values: PixelValues,
  visible: PictureWindow,
  window: PictureWindow,
  colour: readonly [number, number, number],
): PixelValues {
  if (visible.width === window.width && visible.height === window.height) return values;
  const count = window.width * window.height * 3;
  const padded = values instanceof Uint8Array ? new Uint8Array(count) : new Float32Array(count);
  for (let at = 0; at < count; at++) padded[at] = colour[at % 3]!;
  for (let y = 0; y < visible.height; y++) {
    const row = values.subarray(y * visible.width * 3, (y + 1) * visible.width * 3);
    const to = (visible.top - window.top + y) * window.width + visible.left - window.left;
    padded.set(row, to * 3);
  }
  return padded;
}
