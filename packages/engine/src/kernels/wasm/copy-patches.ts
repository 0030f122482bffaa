import type { backend_util } from '@tensorflow/tfjs-core';

/**
 * Lays out the patch under every position of a convolution's output, zeros where it hangs over the edge.
 * @param from images `[N, H, W, C]`
 * @param to `[count * outHeight * outWidth, filterHeight * filterWidth * C]`
 * @param first the image to begin with
 */
export function copyPatches(
  info: backend_util.Conv2DInfo,
  from: Float32Array,
  to: Float32Array,
  first: number,
  count: number,
): void {
  const { inHeight, inWidth, inChannels, filterHeight, filterWidth, strideHeight, strideWidth } = info;
  const { top, left } = info.padInfo;
  const rowSize = filterWidth * inChannels;
  let target = 0;
  for (let image = first; image < first + count; image++) {
    const imageStart = image * inHeight * inWidth * inChannels;
    for (let outRow = 0; outRow < info.outHeight; outRow++) {
      for (let outColumn = 0; outColumn < info.outWidth; outColumn++) {
        const start = (outColumn * strideWidth - left) * inChannels;
        const skipped = Math.min(rowSize, Math.max(0, -start));
        const end = Math.max(skipped, Math.min(rowSize, inWidth * inChannels - start));
        for (let filterRow = 0; filterRow < filterHeight; filterRow++, target += rowSize) {
          const row = outRow * strideHeight - top + filterRow;
          if (row < 0 || row >= inHeight) {
            to.fill(0, target, target + rowSize);
            continue;
          }
          const source = imageStart + row * inWidth * inChannels + start;
          to.fill(0, target, target + skipped);
          for (let index = skipped; index < end; index++) to[target + index] = from[source + index]!;
          to.fill(0, target + end, target + rowSize);
        }
      }
    }
  }
}
