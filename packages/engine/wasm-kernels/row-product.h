#pragma once
#include "micro-kernel.h"

/*
 * Products of one to three rows, as in decoding: every value of the right factor is used so few times that packing
 * it would cost more than the product. The rows are contiguous.
 */

/** `out += row * right` where the columns lie side by side: eight inner indices at a time, along the columns. */
INLINE void add_rows_across(const float *row, const float *right, int inner_stride, float *out, int inner,
                            int columns) {
  int k = 0;
  for (; k + 8 <= inner; k += 8) {
    const float *b0 = right + k * inner_stride, *b1 = b0 + inner_stride, *b2 = b1 + inner_stride,
                *b3 = b2 + inner_stride, *b4 = b3 + inner_stride, *b5 = b4 + inner_stride,
                *b6 = b5 + inner_stride, *b7 = b6 + inner_stride;
    v128_t x0 = splat_from(row + k), x1 = splat_from(row + k + 1), x2 = splat_from(row + k + 2),
           x3 = splat_from(row + k + 3), x4 = splat_from(row + k + 4), x5 = splat_from(row + k + 5),
           x6 = splat_from(row + k + 6), x7 = splat_from(row + k + 7);
    int column = 0;
    for (; column + 4 <= columns; column += 4) {
      v128_t sum = load4(out + column);
      sum = multiply_add(x0, load4(b0 + column), sum);
      sum = multiply_add(x1, load4(b1 + column), sum);
      sum = multiply_add(x2, load4(b2 + column), sum);
      sum = multiply_add(x3, load4(b3 + column), sum);
      sum = multiply_add(x4, load4(b4 + column), sum);
      sum = multiply_add(x5, load4(b5 + column), sum);
      sum = multiply_add(x6, load4(b6 + column), sum);
      sum = multiply_add(x7, load4(b7 + column), sum);
      store4(out + column, sum);
    }
    for (; column < columns; column++) {
      v128_t sum = splat(out[column]);
      sum = multiply_add(x0, splat(b0[column]), sum);
      sum = multiply_add(x1, splat(b1[column]), sum);
      sum = multiply_add(x2, splat(b2[column]), sum);
      sum = multiply_add(x3, splat(b3[column]), sum);
      sum = multiply_add(x4, splat(b4[column]), sum);
      sum = multiply_add(x5, splat(b5[column]), sum);
      sum = multiply_add(x6, splat(b6[column]), sum);
      sum = multiply_add(x7, splat(b7[column]), sum);
      out[column] = wasm_f32x4_extract_lane(sum, 0);
    }
  }
  for (; k < inner; k++) {
    const float *b = right + k * inner_stride;
    v128_t x = splat_from(row + k);
    int column = 0;
    for (; column + 4 <= columns; column += 4) {
      store4(out + column, multiply_add(x, load4(b + column), load4(out + column)));
    }
    for (; column < columns; column++) {
      out[column] = wasm_f32x4_extract_lane(multiply_add(x, splat(b[column]), splat(out[column])), 0);
    }
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
INLINE void dot_columns(const float *row, const float *right, int column_stride, float *out, int inner,
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
  for (int column = 0; column < columns; column++) {
    v128_t sum = splat(out[column]);
    if (bias) sum = wasm_f32x4_add(sum, splat(bias[column]));
    out[column] = wasm_f32x4_extract_lane(activate(sum, activation, slope), 0);
  }
}
