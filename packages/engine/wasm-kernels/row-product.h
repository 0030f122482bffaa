#pragma once
#include "micro-kernel.h"

/*
 * Products of one to three rows, as in decoding: every value of the right factor is used so few times that packing
 * it would cost more than the product, and how fast memory gives it is all that counts. It is read from its first
 * value to its last, one run at a time: with several runs at once, what the processor fetches ahead of one pushes
 * out what it fetched for another. The rows are contiguous.
 */

/** `out += row * right` where the columns lie side by side: along the columns of each inner index. */
static __attribute__((noinline)) void add_rows_across(const float *row, const float *right, int inner_stride,
                                                      float *out, int inner, int columns) {
  for (int k = 0; k < inner; k++, right += inner_stride) {
    v128_t x = splat_from(row + k);
    int column = 0;
    for (; column + 16 <= columns; column += 16) {
      float *to = out + column;
      const float *from = right + column;
      v128_t s0 = multiply_add(x, load4(from), load4(to));
      v128_t s1 = multiply_add(x, load4(from + 4), load4(to + 4));
      v128_t s2 = multiply_add(x, load4(from + 8), load4(to + 8));
      v128_t s3 = multiply_add(x, load4(from + 12), load4(to + 12));
      store4(to, s0);
      store4(to + 4, s1);
      store4(to + 8, s2);
      store4(to + 12, s3);
    }
    for (; column < columns; column += 4) {
      v128_t sum = multiply_add(x, load_some(right, column, columns), load_some(out, column, columns));
      store_some(out, sum, column, columns);
    }
  }
}

/** `out += row * right` where each column is contiguous: one scalar product after another, in four sums. */
static __attribute__((noinline)) void dot_columns(const float *row, const float *right, int column_stride,
                                                  float *out, int inner, int columns) {
  for (int column = 0; column < columns; column++, right += column_stride) {
    v128_t s0 = splat(0), s1 = s0, s2 = s0, s3 = s0;
    int k = 0;
    for (; k + 16 <= inner; k += 16) {
      s0 = multiply_add(load4(row + k), load4(right + k), s0);
      s1 = multiply_add(load4(row + k + 4), load4(right + k + 4), s1);
      s2 = multiply_add(load4(row + k + 8), load4(right + k + 8), s2);
      s3 = multiply_add(load4(row + k + 12), load4(right + k + 12), s3);
    }
    for (; k < inner; k += 4) s0 = multiply_add(load_some(row, k, inner), load_some(right, k, inner), s0);
    out[column] += sum_lanes(wasm_f32x4_add(wasm_f32x4_add(s0, s1), wasm_f32x4_add(s2, s3)));
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
