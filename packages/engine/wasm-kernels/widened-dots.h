#pragma once
#include "simd.h"

#define FOUR_ROWS(action) action(0) action(1) action(2) action(3)
#define START_PAIR(r) const float *row##r = rows + (r < count ? r : 0) * columns; v128_t first##r = splat(0), second##r = splat(0);
#define ADD_PAIR(r)                                  \
  {                                                  \
    v128_t weights = load4(row##r + column);         \
    first##r = multiply_add(weights, one, first##r); \
    second##r = multiply_add(weights, two, second##r); \
  }

/** Adds what lies behind the last four columns. */
static void add_rest(const float *rows, int columns, const float *x, float *out, int count) {
  for (int column = columns & ~3; column < columns; column++) {
    for (int r = 0; r < count; r++) out[r] += rows[r * columns + column] * x[column];
  }
}

/** Columns after which sums are added to the totals: short sums round less than one long one. */
#define SUM_COLUMNS 128

#define ADD_TOTALS(r)                                        \
  totals[r] = wasm_f32x4_add(totals[r], first##r);           \
  totals[r + 4] = wasm_f32x4_add(totals[r + 4], second##r);

/** The four sums of the lanes of four vectors. */
INLINE v128_t four_sums(const v128_t *from) {
  v128_t s0 = from[0], s1 = from[1], s2 = from[2], s3 = from[3];
  transpose4(&s0, &s1, &s2, &s3);
  return wasm_f32x4_add(wasm_f32x4_add(s0, s1), wasm_f32x4_add(s2, s3));
}

/** `count` (1 to 4) rows of floats, one behind the other, times two rows of activations: eight sums, which stay in registers. */
static __attribute__((noinline)) void dot_widened(const float *rows, int columns, const float *x, const float *y, float *out_x,
                                                  float *out_y, int count) {
  v128_t zero = splat(0), totals[8] = {zero, zero, zero, zero, zero, zero, zero, zero};
  int whole = columns & ~3;
  for (int start = 0; start < whole; start += SUM_COLUMNS) {
    int end = smaller(whole, start + SUM_COLUMNS);
    FOUR_ROWS(START_PAIR)
    for (int column = start; column < end; column += 4) {
      v128_t one = load4(x + column), two = load4(y + column);
      FOUR_ROWS(ADD_PAIR)
    }
    FOUR_ROWS(ADD_TOTALS)
  }
  store_some(out_x, four_sums(totals), 0, count);
  store_some(out_y, four_sums(totals + 4), 0, count);
  if (whole == columns) return;
  add_rest(rows, columns, x, out_x, count);
  if (out_y != out_x) add_rest(rows, columns, y, out_y, count);
}
