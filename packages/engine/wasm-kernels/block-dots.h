#pragma once
#include "block-rows.h"

/*
 * Four rows of the commonest formats at a time times one row of activations, which is laid out for them beforehand, so
 * that unpacking is cheap. A word of packed numbers has eight of them: each is masked out where it stands and read as a
 * whole number, 16, 256, ... times too large; its activation is as many times smaller, which rounds nothing.
 */

/** Floats of a laid out block of 32: the activations by their place in the words, and what the half head is multiplied by. */
#define LAID_OUT 36
/** Before the first block: seven masks. */
#define MASKS 28

INLINE int has_four_row_dots(int format) { return format == Q4_0 || format == Q4_1 || format == Q8_0; }

/** Floats that `lay_out` writes. */
INLINE int laid_out_values(int format, int columns) {
  return format == Q8_0 ? 0 : MASKS + columns / 32 * LAID_OUT;
}

/** Lays activations out for numbers of four bits. */
static __attribute__((noinline)) void lay_out(int format, const float *x, int columns, float *out) {
  for (int place = 0; place < 7; place++) store4(out + 4 * place, wasm_i32x4_splat(15 << (4 * place)));
  out += MASKS;
  for (int block = 0; block < columns / 32; block++, x += 32, out += LAID_OUT) {
    float sum = 0, factor = 1;
    for (int place = 0; place < 8; place++) {
      const float *from = x + (place & 1 ? 16 : 0) + (place >> 1);
      for (int lane = 0; lane < 4; lane++) {
        out[4 * place + lane] = from[4 * lane] * (place < 7 ? factor : 1);
        sum += from[4 * lane];
      }
      factor *= 0.0625f;
    }
    store4(out + 32, format == Q4_1 ? wasm_f32x4_make(0, sum, 0, 0) : wasm_f32x4_make(-8 * sum, 0, 0, 0));
  }
}

#define FOUR(action) action(0) action(1) action(2) action(3)
#define START_ROW(r) const uint8_t *row##r = rows + (r < count ? r : 0) * row_bytes; v128_t total##r = splat(0);
#define FINISH_ROW(r) if (r < count) out[r] = sum_lanes(total##r);

#define LOAD_WORDS(r) v128_t words##r = wasm_v128_load(row##r + head_bytes), sum##r = splat(0);
#define ADD_MASKED(r) sum##r = multiply_add(wasm_f32x4_convert_i32x4(wasm_v128_and(words##r, mask)), values, sum##r);
#define ADD_LAST(r) sum##r = multiply_add(wasm_f32x4_convert_i32x4(wasm_u32x4_shr(words##r, 28)), values, sum##r);
#define PLACE(n)                                          \
  {                                                       \
    v128_t mask = load4(masks + 4 * n), values = load4(x + 4 * n); \
    FOUR(ADD_MASKED)                                      \
  }
#define SCALE_WORDS(r)                                                                                     \
  {                                                                                                        \
    v128_t head = has_minimum ? two_halves(row##r) : all_halves(wasm_i32x4_splat(row##r[0] | row##r[1] << 8)); \
    total##r = multiply_add(sum##r, has_minimum ? LANE(head, 0) : head, total##r);                         \
    total##r = multiply_add(head, heads, total##r);                                                        \
    row##r += head_bytes + 16;                                                                             \
  }

/** `count` (1 to 4) rows; the others repeat the first and are not kept. */
INLINE void dot_four_bits(const uint8_t *rows, int row_bytes, int columns, const float *laid_out, float *out, int count,
                          int has_minimum) {
  int head_bytes = has_minimum ? 4 : 2;
  const float *masks = laid_out, *x = laid_out + MASKS;
  FOUR(START_ROW)
  for (int column = 0; column < columns; column += 32, x += LAID_OUT) {
    FOUR(LOAD_WORDS)
    PLACE(0) PLACE(1) PLACE(2) PLACE(3) PLACE(4) PLACE(5) PLACE(6)
    {
      v128_t values = load4(x + 28);
      FOUR(ADD_LAST)
    }
    v128_t heads = load4(x + 32);
    FOUR(SCALE_WORDS)
  }
  FOUR(FINISH_ROW)
}

static __attribute__((noinline)) void dot_q4_0(const uint8_t *rows, int row_bytes, int columns, const float *laid_out,
                                               float *out, int count) {
  dot_four_bits(rows, row_bytes, columns, laid_out, out, count, 0);
}

static __attribute__((noinline)) void dot_q4_1(const uint8_t *rows, int row_bytes, int columns, const float *laid_out,
                                               float *out, int count) {
  dot_four_bits(rows, row_bytes, columns, laid_out, out, count, 1);
}

#define START_BYTES(r) v128_t sum##r = splat(0);
#define ADD_EIGHT(r)                                                                                            \
  {                                                                                                             \
    v128_t shorts = wasm_i16x8_load8x8(row##r + 2 + at);                                                        \
    sum##r = multiply_add(wasm_f32x4_convert_i32x4(wasm_i32x4_extend_low_i16x8(shorts)), first, sum##r);        \
    sum##r = multiply_add(wasm_f32x4_convert_i32x4(wasm_i32x4_extend_high_i16x8(shorts)), second, sum##r);      \
  }
#define SCALE_BYTES(r)                                                                                          \
  total##r = multiply_add(sum##r, all_halves(wasm_i32x4_splat(row##r[0] | row##r[1] << 8)), total##r);          \
  row##r += 34;

static __attribute__((noinline)) void dot_q8_0(const uint8_t *rows, int row_bytes, int columns, const float *x, float *out,
                                               int count) {
  FOUR(START_ROW)
  for (int column = 0; column < columns; column += 32, x += 32) {
    FOUR(START_BYTES)
    for (int at = 0; at < 32; at += 8) {
      v128_t first = load4(x + at), second = load4(x + at + 4);
      FOUR(ADD_EIGHT)
    }
    FOUR(SCALE_BYTES)
  }
  FOUR(FINISH_ROW)
}

/** Up to four rows times activations: those of `has_four_row_dots`, laid out where that takes any values. */
INLINE void dot_rows(int format, const uint8_t *rows, int row_bytes, int columns, const float *x, const float *laid_out,
                     float *out, int count) {
  if (format == Q4_0) dot_q4_0(rows, row_bytes, columns, laid_out, out, count);
  else if (format == Q4_1) dot_q4_1(rows, row_bytes, columns, laid_out, out, count);
  else dot_q8_0(rows, row_bytes, columns, x, out, count);
}
