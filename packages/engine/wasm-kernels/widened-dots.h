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

/** `count` (1 to 4) rows of floats, one behind the other, times two rows of activations: eight sums, which stay in registers. */
static __attribute__((noinline)) void dot_widened(const float *rows, int columns, const float *x, const float *y, float *out_x,
                                                  float *out_y, int count) {
  FOUR_ROWS(START_PAIR)
  for (int column = 0; column + 4 <= columns; column += 4) {
    v128_t one = load4(x + column), two = load4(y + column);
    FOUR_ROWS(ADD_PAIR)
  }
  transpose4(&first0, &first1, &first2, &first3);
  transpose4(&second0, &second1, &second2, &second3);
  store_some(out_x, wasm_f32x4_add(wasm_f32x4_add(first0, first1), wasm_f32x4_add(first2, first3)), 0, count);
  store_some(out_y, wasm_f32x4_add(wasm_f32x4_add(second0, second1), wasm_f32x4_add(second2, second3)), 0, count);
  if ((columns & 3) == 0) return;
  add_rest(rows, columns, x, out_x, count);
  if (out_y != out_x) add_rest(rows, columns, y, out_y, count);
}
