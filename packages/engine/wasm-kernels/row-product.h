#pragma once
#include "micro-kernel.h"

/*
 * Products of one to three rows, as in decoding: every value of the right factor is used so few times that packing
 * it would cost more than the product. The rows are contiguous.
 */

INLINE v128_t add_two(v128_t sum, v128_t x0, v128_t b0, v128_t x1, v128_t b1) {
  return multiply_add(x1, b1, multiply_add(x0, b0, sum));
}

/**
 * `out += row * right` where the columns lie side by side: two inner indices at a time, along the columns. With more
 * of them at once, rows that lie a power of two apart push each other out of the first-level cache.
 */
static __attribute__((noinline)) void add_rows_across(const float *row, const float *right, int inner_stride, float *out, int inner,
                            int columns) {
  int k = 0;
  for (; k + 2 <= inner; k += 2) {
    const float *b0 = right + k * inner_stride, *b1 = b0 + inner_stride;
    v128_t x0 = splat_from(row + k), x1 = splat_from(row + k + 1);
    int column = 0;
    for (; column + 16 <= columns; column += 16) {
      float *to = out + column;
      const float *c0 = b0 + column, *c1 = b1 + column;
      v128_t s0 = add_two(load4(to), x0, load4(c0), x1, load4(c1));
      v128_t s1 = add_two(load4(to + 4), x0, load4(c0 + 4), x1, load4(c1 + 4));
      v128_t s2 = add_two(load4(to + 8), x0, load4(c0 + 8), x1, load4(c1 + 8));
      v128_t s3 = add_two(load4(to + 12), x0, load4(c0 + 12), x1, load4(c1 + 12));
      store4(to, s0);
      store4(to + 4, s1);
      store4(to + 8, s2);
      store4(to + 12, s3);
    }
    for (; column < columns; column += 4) {
      v128_t sum = load_some(out, column, columns);
      sum = add_two(sum, x0, load_some(b0, column, columns), x1, load_some(b1, column, columns));
      store_some(out, sum, column, columns);
    }
  }
  if (k == inner) return;
  const float *b = right + k * inner_stride;
  v128_t x = splat_from(row + k);
  for (int column = 0; column < columns; column += 4) {
    v128_t sum = multiply_add(x, load_some(b, column, columns), load_some(out, column, columns));
    store_some(out, sum, column, columns);
  }
}

INLINE float dot_tail(const float *row, const float *column, int from, int inner, v128_t sum) {
  float total = sum_lanes(sum);
  for (int k = from; k < inner; k++) {
    v128_t next = multiply_add(splat(row[k]), splat(column[k]), splat(total));
    total = wasm_f32x4_extract_lane(next, 0);
  }
  return total;
}

/** `out += row * right` where each column is contiguous: four scalar products at a time. */
static __attribute__((noinline)) void dot_columns(const float *row, const float *right, int column_stride, float *out, int inner,
                        int columns) {
  int column = 0;
  for (; column + 4 <= columns; column += 4) {
    const float *c0 = right + column * column_stride, *c1 = c0 + column_stride, *c2 = c1 + column_stride,
                *c3 = c2 + column_stride;
    v128_t s0 = splat(0), s1 = s0, s2 = s0, s3 = s0;
    int k = 0;
    for (; k + 4 <= inner; k += 4) {
      v128_t x = load4(row + k);
      s0 = multiply_add(x, load4(c0 + k), s0);
      s1 = multiply_add(x, load4(c1 + k), s1);
      s2 = multiply_add(x, load4(c2 + k), s2);
      s3 = multiply_add(x, load4(c3 + k), s3);
    }
    out[column] += dot_tail(row, c0, k, inner, s0);
    out[column + 1] += dot_tail(row, c1, k, inner, s1);
    out[column + 2] += dot_tail(row, c2, k, inner, s2);
    out[column + 3] += dot_tail(row, c3, k, inner, s3);
  }
  for (; column < columns; column++) {
    const float *c0 = right + column * column_stride;
    v128_t s0 = splat(0);
    int k = 0;
    for (; k + 4 <= inner; k += 4) s0 = multiply_add(load4(row + k), load4(c0 + k), s0);
    out[column] += dot_tail(row, c0, k, inner, s0);
  }
}

/** Bias and activation of one finished row. */
INLINE void finish_row(float *out, int columns, const float *bias, int activation, float slope) {
  if (!bias && activation == LINEAR) return;
  for (int column = 0; column < columns; column += 4) {
    v128_t sum = load_some(out, column, columns);
    if (bias) sum = wasm_f32x4_add(sum, load_some(bias, column, columns));
    store_some(out, activate(sum, activation, slope), column, columns);
  }
}
