#pragma once
#include <stdint.h>
#include "simd.h"

/*
 * Activations in blocks of 32 signed bytes, each with a scale: what `--compute fast` multiplies blocks of weights by. As llama.cpp's
 * Q8_0 and Q8_1, but that scales are floats and that rows of K-quants have a scale for every 32, too.
 */
typedef struct {
  const int8_t *bytes;
  const float *scales; /* of each 32 */
  const float *sums;   /* of each 16, scaled */
} ActivationBytes;

/** Floats that a row takes: its bytes, scales and sums one after the other. */
INLINE int activation_values(int columns) { return columns / 4 + columns / 32 + columns / 16; }

INLINE ActivationBytes activations_at(const float *values, int columns) {
  const float *scales = values + columns / 4;
  return (ActivationBytes){(const int8_t *)values, scales, scales + columns / 32};
}

INLINE float largest_of(v128_t v) {
  v128_t halves = wasm_f32x4_max(v, wasm_i32x4_shuffle(v, v, 2, 3, 0, 1));
  return wasm_f32x4_extract_lane(wasm_f32x4_max(halves, wasm_i32x4_shuffle(halves, halves, 1, 0, 3, 2)), 0);
}

INLINE int sum_of_integers(v128_t v) {
  v128_t halves = wasm_i32x4_add(v, wasm_i32x4_shuffle(v, v, 2, 3, 0, 1));
  return wasm_i32x4_extract_lane(halves, 0) + wasm_i32x4_extract_lane(halves, 1);
}

/** Sixteen floats as bytes. */
INLINE v128_t to_bytes(const float *x, v128_t factor) {
#define ROUNDED(i) wasm_i32x4_trunc_sat_f32x4(wasm_f32x4_nearest(wasm_f32x4_mul(load4(x + i), factor)))
  return wasm_i8x16_narrow_i16x8(wasm_i16x8_narrow_i32x4(ROUNDED(0), ROUNDED(4)), wasm_i16x8_narrow_i32x4(ROUNDED(8), ROUNDED(12)));
#undef ROUNDED
}

/** A row of whole 32s. */
static __attribute__((noinline)) void write_activation_bytes(const float *x, int columns, float *values) {
  ActivationBytes row = activations_at(values, columns);
  for (int column = 0; column < columns; column += 32) {
    v128_t peaks = splat(0);
    for (int i = 0; i < 32; i += 4) peaks = wasm_f32x4_max(peaks, wasm_f32x4_abs(load4(x + column + i)));
    float peak = largest_of(peaks), scale = peak / 127;
    ((float *)row.scales)[column / 32] = scale;
    v128_t factor = splat(peak > 0 ? 127 / peak : 0);
    for (int at = column; at < column + 32; at += 16) {
      v128_t bytes = to_bytes(x + at, factor);
      wasm_v128_store((int8_t *)row.bytes + at, bytes);
      v128_t sums = wasm_i32x4_extadd_pairwise_i16x8(wasm_i16x8_extadd_pairwise_i8x16(bytes));
      ((float *)row.sums)[at / 16] = scale * sum_of_integers(sums);
    }
  }
}

/** Adds the products of sixteen signed bytes with sixteen others, four to a lane. */
INLINE v128_t add_signed_dots(v128_t bytes, v128_t numbers, v128_t sums) {
  v128_t low = wasm_i32x4_dot_i16x8(wasm_i16x8_extend_low_i8x16(bytes), wasm_i16x8_extend_low_i8x16(numbers));
  v128_t high = wasm_i32x4_dot_i16x8(wasm_i16x8_extend_high_i8x16(bytes), wasm_i16x8_extend_high_i8x16(numbers));
  return wasm_i32x4_add(sums, wasm_i32x4_add(low, high));
}

/**
 * Products of 32 signed bytes with 32 numbers of four bits without a sign, eight to a lane. By way of the relaxed products in 16 bits,
 * which hold two of these: those in 32 bits come out doubled in the baseline compiler of Node 20's V8.
 */
INLINE v128_t four_bit_dots(v128_t first, v128_t second, v128_t low, v128_t high) {
#ifdef __wasm_relaxed_simd__
  v128_t pairs = wasm_i16x8_add(wasm_i16x8_relaxed_dot_i8x16_i7x16(first, low), wasm_i16x8_relaxed_dot_i8x16_i7x16(second, high));
  return wasm_i32x4_extadd_pairwise_i16x8(pairs);
#else
  return add_signed_dots(second, high, add_signed_dots(first, low, wasm_i32x4_splat(0)));
#endif
}
