#pragma once
#include "block-rows.h"

/* Rows in blocks times activations in bytes: four rows of the commonest formats at a time, whose scales are then worked out together. */

/** The low halves of four words, as scales of blocks are: no infinities. */
INLINE v128_t four_halves(v128_t bits) { return halves(wasm_v128_and(bits, wasm_i32x4_splat(0xffff))); }

#define FAST_ROWS(action) action(0) action(1) action(2) action(3)
#define START_FAST_ROW(r) const uint8_t *row##r = rows + (r < count ? r : 0) * row_bytes;
#define LOAD_PAIR(r) heads = wasm_v128_load32_lane(row##r, heads, r);
#define LOAD_HALF(r) heads = wasm_i32x4_replace_lane(heads, r, row##r[0] | row##r[1] << 8);
#define DOT_NIBBLES(r)                                                              \
  v128_t packed##r = wasm_v128_load(row##r + head_bytes);                           \
  v128_t sum##r = four_bit_dots(first, second, low_nibbles(packed##r), high_nibbles(packed##r)); \
  row##r += head_bytes + 16;
#define DOT_BYTES(r)                                                                \
  v128_t sum##r = add_signed_dots(first, wasm_v128_load(row##r + 2), zero);         \
  sum##r = add_signed_dots(second, wasm_v128_load(row##r + 18), sum##r);            \
  row##r += 34;

/** The sums of the lanes of four vectors, as floats. */
INLINE v128_t joint_sums(v128_t s0, v128_t s1, v128_t s2, v128_t s3) {
  transpose4(&s0, &s1, &s2, &s3);
  return wasm_f32x4_convert_i32x4(wasm_i32x4_add(wasm_i32x4_add(s0, s1), wasm_i32x4_add(s2, s3)));
}

INLINE void fast_four_bits(const uint8_t *rows, int row_bytes, int columns, ActivationBytes x, float *out, int count, int has_minimum) {
  int head_bytes = has_minimum ? 4 : 2;
  v128_t total = splat(0), zero = wasm_i32x4_splat(0);
  FAST_ROWS(START_FAST_ROW)
  for (int column = 0; column < columns; column += 32, x.bytes += 32, x.scales++, x.sums += 2) {
    v128_t first = wasm_v128_load(x.bytes), second = wasm_v128_load(x.bytes + 16), heads = zero;
    if (has_minimum) {
      FAST_ROWS(LOAD_PAIR)
    } else {
      FAST_ROWS(LOAD_HALF)
    }
    FAST_ROWS(DOT_NIBBLES)
    v128_t dots = joint_sums(sum0, sum1, sum2, sum3), scales = four_halves(heads), sum = splat(x.sums[0] + x.sums[1]);
    v128_t minimums = has_minimum ? four_halves(wasm_u32x4_shr(heads, 16)) : wasm_f32x4_mul(scales, splat(-8));
    total = multiply_add(dots, wasm_f32x4_mul(scales, splat_from(x.scales)), total);
    total = multiply_add(minimums, sum, total);
  }
  store_some(out, total, 0, count);
}

static __attribute__((noinline)) void fast_q4_0(const uint8_t *rows, int row_bytes, int columns, ActivationBytes x, float *out, int count) {
  fast_four_bits(rows, row_bytes, columns, x, out, count, 0);
}

static __attribute__((noinline)) void fast_q4_1(const uint8_t *rows, int row_bytes, int columns, ActivationBytes x, float *out, int count) {
  fast_four_bits(rows, row_bytes, columns, x, out, count, 1);
}

static __attribute__((noinline)) void fast_q8_0(const uint8_t *rows, int row_bytes, int columns, ActivationBytes x, float *out, int count) {
  v128_t total = splat(0), zero = wasm_i32x4_splat(0);
  FAST_ROWS(START_FAST_ROW)
  for (int column = 0; column < columns; column += 32, x.bytes += 32, x.scales++) {
    v128_t first = wasm_v128_load(x.bytes), second = wasm_v128_load(x.bytes + 16), heads = zero;
    FAST_ROWS(LOAD_HALF)
    FAST_ROWS(DOT_BYTES)
    v128_t dots = joint_sums(sum0, sum1, sum2, sum3);
    total = multiply_add(dots, wasm_f32x4_mul(four_halves(heads), splat_from(x.scales)), total);
  }
  store_some(out, total, 0, count);
}

/** Up to four rows times activations. */
INLINE void dot_rows_fast(int format, const uint8_t *rows, int row_bytes, int columns, ActivationBytes x, float *out, int count) {
  if (format == Q4_0) fast_q4_0(rows, row_bytes, columns, x, out, count);
  else if (format == Q4_1) fast_q4_1(rows, row_bytes, columns, x, out, count);
  else if (format == Q8_0) fast_q8_0(rows, row_bytes, columns, x, out, count);
  else for (int row = 0; row < count; row++) out[row] = dot_row_fast(format, rows + row * row_bytes, columns, x);
}
