#pragma once
#include "simd.h"

/*
 * Copies blocks of the factors into panels that the micro-kernel reads from front to back: 4 rows of the left
 * factor, or 8 columns of the right one, side by side for every inner index. What hangs over the edge is left as it
 * is: it takes part in sums that nobody keeps.
 */

/** One panel of 4, read along the inner index: `lanes` streams that lie `lane_stride` values apart. */
INLINE void pack_along_inner(float *to, int width, const float *from, int lane_stride, int lanes, int inner) {
  const float *f0 = from, *f1 = lanes > 1 ? f0 + lane_stride : f0, *f2 = lanes > 2 ? f1 + lane_stride : f0,
              *f3 = lanes > 3 ? f2 + lane_stride : f0;
  int k = 0;
  for (; k + 4 <= inner; k += 4) {
    v128_t r0 = load4(f0 + k), r1 = load4(f1 + k), r2 = load4(f2 + k), r3 = load4(f3 + k);
    transpose4(&r0, &r1, &r2, &r3);
    float *out = to + k * width;
    store4(out, r0);
    store4(out + width, r1);
    store4(out + 2 * width, r2);
    store4(out + 3 * width, r3);
  }
  for (; k < inner; k++) {
    float *out = to + k * width;
    out[0] = f0[k];
    out[1] = f1[k];
    out[2] = f2[k];
    out[3] = f3[k];
  }
}

/** Panels of `width` (4 or 8), read across: every inner index is a row of `extent` values. */
INLINE void pack_across(float *to, int width, const float *from, int inner_stride, int extent, int inner) {
  int start = 0;
  /* A cache line of the source at a time. */
  for (; start + 16 <= extent; start += 16) {
    float *out = to + start * inner;
    for (int k = 0; k < inner; k++) {
      const float *row = from + k * inner_stride + start;
      if (width == 4) {
        store4(out + 4 * k, load4(row));
        store4(out + 4 * (k + inner), load4(row + 4));
        store4(out + 4 * (k + 2 * inner), load4(row + 8));
        store4(out + 4 * (k + 3 * inner), load4(row + 12));
      } else {
        store4(out + 8 * k, load4(row));
        store4(out + 8 * k + 4, load4(row + 4));
        store4(out + 8 * (k + inner), load4(row + 8));
        store4(out + 8 * (k + inner) + 4, load4(row + 12));
      }
    }
  }
  for (; start + width <= extent; start += width) {
    float *out = to + start * inner;
    for (int k = 0; k < inner; k++) {
      const float *row = from + k * inner_stride + start;
      store4(out + width * k, load4(row));
      if (width == 8) store4(out + width * k + 4, load4(row + 4));
    }
  }
  for (int k = 0; start < extent && k < inner; k++) {
    for (int lane = start; lane < extent; lane++) to[start * inner + k * width + lane - start] = from[k * inner_stride + lane];
  }
}

/** A block of the left factor, `rows` by `inner`; one of the strides is 1. */
static __attribute__((noinline)) void pack_left(float *to, const float *from, int row_stride, int inner_stride, int rows, int inner) {
  if (inner_stride != 1) {
    pack_across(to, 4, from, inner_stride, rows, inner);
    return;
  }
  for (int row = 0; row < rows; row += 4) {
    pack_along_inner(to + row * inner, 4, from + row * row_stride, row_stride, smaller(4, rows - row), inner);
  }
}

/** A block of the right factor, `inner` by `columns`; one of the strides is 1. */
static __attribute__((noinline)) void pack_right(float *to, const float *from, int inner_stride, int column_stride, int columns, int inner) {
  if (column_stride == 1) {
    pack_across(to, 8, from, inner_stride, columns, inner);
    return;
  }
  for (int column = 0; column < columns; column += 8) {
    for (int half = 0; half < 8; half += 4) {
      int lanes = smaller(4, columns - column - half);
      if (lanes <= 0) continue;
      const float *first = from + (column + half) * column_stride;
      pack_along_inner(to + column * inner + half, 8, first, column_stride, lanes, inner);
    }
  }
}
