#pragma once
#include <stdint.h>
#include "activation-bytes.h"
#include "simd.h"

/*
 * Weights in blocks, as GGUF files hold them (ggml-common.h). Formats go by ggml's numbers, and NF4 by one of ours, as in
 * src/quantised/block-format-numbers.ts. A walk over a block gives its values in order, sixteen at a time, to a sink, which
 * either writes the floats that they stand for, each step rounded as the readers of files round it, or multiplies these
 * by activations and adds up.
 */
enum { FLOAT16 = 1, Q4_0 = 2, Q4_1 = 3, Q5_0 = 6, Q5_1 = 7, Q8_0 = 8, Q4_K = 12, Q5_K = 13, Q6_K = 14, BFLOAT16 = 30, NF4 = 200 };

typedef struct {
  float *out;      /* where floats are written, or null */
  const float *x;  /* activations, where they are multiplied */
  ActivationBytes fast; /* the same in bytes, or null */
  v128_t sums[4];
} Sink;

/** Added to a format's number where activations go in bytes. */
#define FAST 256


/** Halves in the low 16 bits of each lane as floats, but infinities and NaN, which no scale is. */
INLINE v128_t halves(v128_t bits) {
  v128_t sign = wasm_i32x4_shl(wasm_v128_and(bits, wasm_i32x4_splat(0x8000)), 16);
  v128_t magnitude = wasm_i32x4_shl(wasm_v128_and(bits, wasm_i32x4_splat(0x7fff)), 13);
  return wasm_v128_or(wasm_f32x4_mul(magnitude, splat(0x1p112f)), sign);
}

/** Four halves, all that there are. */
INLINE v128_t all_halves(v128_t bits) {
  v128_t special = wasm_i32x4_gt(wasm_v128_and(bits, wasm_i32x4_splat(0x7fff)), wasm_i32x4_splat(0x7bff));
  return wasm_v128_or(halves(bits), wasm_v128_and(special, wasm_i32x4_splat(0x7f800000)));
}

/** Two halves, such as scale and minimum of a block, in lanes 0 and 1. */
INLINE v128_t two_halves(const uint8_t *from) { return all_halves(wasm_u32x4_extend_low_u16x8(wasm_v128_load32_zero(from))); }

#define LANE(vector, lane) wasm_i32x4_shuffle(vector, vector, lane, lane, lane, lane)

INLINE void take4(Sink *sink, int at, v128_t values) {
  if (sink->out) {
    store4(sink->out + at, values);
  } else {
    v128_t *sum = &sink->sums[at / 4 % 4];
    *sum = multiply_add(values, load4(sink->x + at), *sum);
  }
}

/** Sixteen signed bytes, from place `at` of the block on, each times `scale` and plus `minimum`. */
INLINE void take16(Sink *sink, int at, v128_t bytes, v128_t scale, v128_t minimum) {
  if (sink->fast.bytes) {
    v128_t dots = add_signed_dots(wasm_v128_load(sink->fast.bytes + at), bytes, wasm_i32x4_splat(0));
    v128_t factor = wasm_f32x4_mul(scale, splat_from(sink->fast.scales + (at >> 5)));
    sink->sums[0] = multiply_add(wasm_f32x4_convert_i32x4(dots), factor, sink->sums[0]);
    sink->sums[1] = multiply_add(minimum, splat_from(sink->fast.sums + (at >> 4)), sink->sums[1]);
    return;
  }
  v128_t low = wasm_i16x8_extend_low_i8x16(bytes), high = wasm_i16x8_extend_high_i8x16(bytes);
#define TAKE(offset, numbers) \
  take4(sink, at + offset, wasm_f32x4_add(wasm_f32x4_mul(wasm_f32x4_convert_i32x4(numbers), scale), minimum));
  TAKE(0, wasm_i32x4_extend_low_i16x8(low))
  TAKE(4, wasm_i32x4_extend_high_i16x8(low))
  TAKE(8, wasm_i32x4_extend_low_i16x8(high))
  TAKE(12, wasm_i32x4_extend_high_i16x8(high))
#undef TAKE
}

/** What stands for no minimum: it keeps a zero's sign. */
#define NO_MINIMUM splat(-0.0f)

INLINE v128_t low_nibbles(v128_t bytes) { return wasm_v128_and(bytes, wasm_i8x16_splat(15)); }
INLINE v128_t high_nibbles(v128_t bytes) { return wasm_u8x16_shr(bytes, 4); }

INLINE void walk_halves(const uint8_t *block, Sink *sink, int is_bfloat) {
  v128_t bits = wasm_u32x4_extend_low_u16x8(wasm_v128_load64_zero(block));
  take4(sink, 0, is_bfloat ? wasm_i32x4_shl(bits, 16) : all_halves(bits));
}

INLINE void walk_q8_0(const uint8_t *block, Sink *sink) {
  v128_t scale = LANE(two_halves(block), 0);
  take16(sink, 0, wasm_v128_load(block + 2), scale, NO_MINIMUM);
  take16(sink, 16, wasm_v128_load(block + 18), scale, NO_MINIMUM);
}

/** Four bits, low halves of all bytes first; without a minimum, 8 is taken off. */
INLINE void walk_q4(const uint8_t *block, Sink *sink, int has_minimum) {
  v128_t head = two_halves(block), scale = LANE(head, 0), minimum = has_minimum ? LANE(head, 1) : NO_MINIMUM;
  v128_t packed = wasm_v128_load(block + (has_minimum ? 4 : 2)), middle = wasm_i8x16_splat(has_minimum ? 0 : 8);
  take16(sink, 0, wasm_i8x16_sub(low_nibbles(packed), middle), scale, minimum);
  take16(sink, 16, wasm_i8x16_sub(high_nibbles(packed), middle), scale, minimum);
}

/** 16 where the bit of each of sixteen places is set. */
INLINE v128_t spread_bits(const uint8_t *bits) {
  v128_t pair = wasm_v128_load16_splat(bits);
  v128_t bytes = wasm_i8x16_shuffle(pair, pair, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
  v128_t places = wasm_i8x16_make(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
  return wasm_v128_and(wasm_i8x16_eq(wasm_v128_and(bytes, places), places), wasm_i8x16_splat(16));
}

/** A fifth bit for each number before the other four; without a minimum, 16 is taken off. */
INLINE void walk_q5(const uint8_t *block, Sink *sink, int has_minimum) {
  v128_t head = two_halves(block), scale = LANE(head, 0), minimum = has_minimum ? LANE(head, 1) : NO_MINIMUM;
  const uint8_t *bits = block + (has_minimum ? 4 : 2);
  v128_t packed = wasm_v128_load(bits + 4), middle = wasm_i8x16_splat(has_minimum ? 0 : 16);
  v128_t first = wasm_v128_or(low_nibbles(packed), spread_bits(bits));
  v128_t second = wasm_v128_or(high_nibbles(packed), spread_bits(bits + 2));
  take16(sink, 0, wasm_i8x16_sub(first, middle), scale, minimum);
  take16(sink, 16, wasm_i8x16_sub(second, middle), scale, minimum);
}

/** Six bits of scale of each of eight groups, packed into twelve bytes with as many of minimum (ggml-quants.c, `get_scale_min_k4`). */
INLINE float group_scale(const uint8_t *packed, int group) {
  return group < 4 ? packed[group] & 63 : (packed[group + 4] & 15) | ((packed[group - 4] >> 2) & 48);
}

INLINE float group_minimum(const uint8_t *packed, int group) {
  return group < 4 ? packed[group + 4] & 63 : (packed[group + 4] >> 4) | ((packed[group] >> 2) & 48);
}

/** Eight groups of 32 with a scale and a minimum each; two groups share 32 bytes. */
INLINE void walk_groups(const uint8_t *block, Sink *sink, int has_fifth_bits) {
  v128_t head = two_halves(block);
  float block_scale = wasm_f32x4_extract_lane(head, 0), block_minimum = wasm_f32x4_extract_lane(head, 1);
  const uint8_t *fifths = block + 16, *numbers = block + (has_fifth_bits ? 48 : 16);
  for (int group = 0; group < 8; group++) {
    v128_t scale = splat(block_scale * group_scale(block + 4, group));
    v128_t minimum = splat(-(block_minimum * group_minimum(block + 4, group)));
    for (int half = 0; half < 32; half += 16) {
      v128_t packed = wasm_v128_load(numbers + 32 * (group >> 1) + half);
      v128_t bytes = group & 1 ? high_nibbles(packed) : low_nibbles(packed);
      if (has_fifth_bits) {
        v128_t fifth = wasm_v128_and(wasm_u8x16_shr(wasm_v128_load(fifths + half), group), wasm_i8x16_splat(1));
        bytes = wasm_v128_or(bytes, wasm_i8x16_shl(fifth, 4));
      }
      take16(sink, 32 * group + half, bytes, scale, minimum);
    }
  }
}

/** Six bits less 32, a signed byte of scale for every sixteen. */
INLINE void walk_q6_k(const uint8_t *block, Sink *sink) {
  const uint8_t *high = block + 128, *scales = high + 64;
  float block_scale = wasm_f32x4_extract_lane(all_halves(wasm_i32x4_splat(scales[16] | scales[17] << 8)), 0);
  for (int at = 0; at < 256; at += 16) {
    int half = at >> 7, within = at & 127;
    v128_t packed = wasm_v128_load(block + 64 * half + (within & 63));
    v128_t low = within & 64 ? high_nibbles(packed) : low_nibbles(packed);
    v128_t pairs = wasm_u8x16_shr(wasm_v128_load(high + 32 * half + (within & 31)), 2 * (within >> 5));
    v128_t upper = wasm_i8x16_shl(wasm_v128_and(pairs, wasm_i8x16_splat(3)), 4);
    v128_t bytes = wasm_i8x16_sub(wasm_v128_or(low, upper), wasm_i8x16_splat(32));
    take16(sink, at, bytes, splat(block_scale * (int8_t)scales[at >> 4]), NO_MINIMUM);
  }
}

/**
 * Sixteen of NF4's numbers by their places in the order of their size, each times `scale` (src of the numbers: nf4-format.ts of
 * @eim/weights). Each byte of a float is looked up by itself, as a table in memory would lie where the backend has tensors.
 */
INLINE void take_nf4(Sink *sink, int at, v128_t places, v128_t scale) {
  v128_t first = wasm_i8x16_swizzle(wasm_i8x16_const(0, -79, 48, -96, 77, 63, 113, 0, -1, -29, -35, 58, -72, -85, -77, 0), places);
  v128_t second = wasm_i8x16_swizzle(wasm_i8x16_const(0, 57, 107, 50, -94, 53, 120, 0, -6, -54, 4, 3, -92, 7, 19, 0), places);
  v128_t third = wasm_i8x16_swizzle(wasm_i8x16_const(-128, 50, 6, -54, -111, 61, -70, 0, -94, 36, 124, -83, -31, 16, 57, -128), places);
  v128_t fourth = wasm_i8x16_swizzle(wasm_i8x16_const(-65, -65, -65, -66, -66, -66, -67, 0, 61, 62, 62, 62, 62, 63, 63, 63), places);
#define PAIRS(a, b, from) \
  wasm_i8x16_shuffle(a, b, from, from + 16, from + 1, from + 17, from + 2, from + 18, from + 3, from + 19, from + 4, from + 20, \
                     from + 5, from + 21, from + 6, from + 22, from + 7, from + 23)
#define FLOATS(low, high, from) \
  wasm_i16x8_shuffle(low, high, from, from + 8, from + 1, from + 9, from + 2, from + 10, from + 3, from + 11)
  for (int half = 0; half < 2; half++) {
    v128_t low = half ? PAIRS(first, second, 8) : PAIRS(first, second, 0);
    v128_t high = half ? PAIRS(third, fourth, 8) : PAIRS(third, fourth, 0);
    take4(sink, at + 8 * half, wasm_f32x4_mul(FLOATS(low, high, 0), scale));
    take4(sink, at + 8 * half + 4, wasm_f32x4_mul(FLOATS(low, high, 4), scale));
  }
#undef PAIRS
#undef FLOATS
}

/** A float of scale, then sixteen bytes for each 32 numbers of four bits, the first sixteen low. */
INLINE void walk_nf4(const uint8_t *block, Sink *sink) {
  v128_t scale = wasm_v128_load32_splat(block);
  for (int half = 0; half < 2; half++) {
    v128_t packed = wasm_v128_load(block + 4 + 16 * half);
    take_nf4(sink, 32 * half, low_nibbles(packed), scale);
    take_nf4(sink, 32 * half + 16, high_nibbles(packed), scale);
  }
}
