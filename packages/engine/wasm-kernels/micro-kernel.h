#pragma once
#include "simd.h"

/** What becomes of a tile's sums. */
typedef struct {
  int add;           /* to what the output holds: every inner block but the first */
  const float *bias; /* of the tile's columns, added after the last inner block; or null */
  int activation;    /* after the last inner block: see activate */
  float slope;       /* of the leaky activation */
} Finish;

enum { LINEAR, RELU, RELU6, LEAKY_RELU };

INLINE v128_t activate(v128_t x, int activation, float slope) {
  if (activation == LINEAR) return x;
  v128_t zero = splat(0);
  if (activation == LEAKY_RELU) {
    return wasm_v128_bitselect(wasm_f32x4_mul(x, splat(slope)), x, wasm_f32x4_lt(x, zero));
  }
  v128_t positive = wasm_f32x4_max(x, zero);
  return activation == RELU6 ? wasm_f32x4_min(positive, splat(6)) : positive;
}

INLINE v128_t finished(v128_t sum, const float *out, int column, const Finish *finish) {
  if (finish->add) sum = wasm_f32x4_add(load4(out + column), sum);
  if (finish->bias) sum = wasm_f32x4_add(sum, load4(finish->bias + column));
  return activate(sum, finish->activation, finish->slope);
}

#define ROW_OF_SUMS(row)                                                                                        \
  v128_t s##row##0 = splat(0), s##row##1 = s##row##0;
#define ADD_ROW(row)                                                                                            \
  {                                                                                                             \
    v128_t a = splat_from(left + 4 * k + row);                                                                  \
    s##row##0 = multiply_add(a, b0, s##row##0);                                                                 \
    s##row##1 = multiply_add(a, b1, s##row##1);                                                                 \
  }
#define STORE_ROW(row)                                                                                          \
  store4(out + row * stride, finished(s##row##0, out + row * stride, 0, finish));                               \
  store4(out + row * stride + 4, finished(s##row##1, out + row * stride, 4, finish));

/** A tile of 4 rows and 8 columns from two packed panels (Goto and van de Geijn 2008). */
static __attribute__((noinline)) void whole_tile(int inner, const float *left, const float *right, float *out, int stride,
                       const Finish *finish) {
  ROW_OF_SUMS(0) ROW_OF_SUMS(1) ROW_OF_SUMS(2) ROW_OF_SUMS(3)
  for (int k = 0; k < inner; k++) {
    v128_t b0 = load4(right + 8 * k), b1 = load4(right + 8 * k + 4);
    ADD_ROW(0) ADD_ROW(1) ADD_ROW(2) ADD_ROW(3)
  }
  STORE_ROW(0) STORE_ROW(1) STORE_ROW(2) STORE_ROW(3)
}

INLINE void copy_part(const float *from, int from_stride, float *to, int to_stride, int rows, int columns) {
  for (int row = 0; row < rows; row++, from += from_stride, to += to_stride) {
    store_some(to, load_some(from, 0, columns), 0, columns);
    if (columns > 4) store_some(to, load_some(from, 4, columns), 4, columns);
  }
}

/** A tile at the edge: the whole one is computed aside, in the same order, and its part copied. */
static void part_of_tile(int inner, const float *left, const float *right, float *out, int stride,
                         const Finish *finish, int rows, int columns, float *tile) {
  if (finish->add) copy_part(out, stride, tile, 8, rows, columns);
  Finish beside = *finish;
  if (finish->bias) {
    for (int column = 0; column < columns; column++) tile[32 + column] = finish->bias[column];
    beside.bias = tile + 32;
  }
  whole_tile(inner, left, right, tile, 8, &beside);
  copy_part(tile, 8, out, stride, rows, columns);
}
