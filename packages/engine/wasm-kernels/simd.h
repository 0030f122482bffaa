#pragma once
#include <stddef.h>
#include <wasm_simd128.h>

/* Four floats at a time. The relaxed build multiplies and adds in one rounding where the processor can. */
#ifdef __wasm_relaxed_simd__
#define multiply_add(a, b, c) wasm_f32x4_relaxed_madd(a, b, c)
#else
#define multiply_add(a, b, c) wasm_f32x4_add(wasm_f32x4_mul(a, b), c)
#endif

#define load4(from) wasm_v128_load(from)
#define store4(to, values) wasm_v128_store(to, values)
#define splat_from(from) wasm_v128_load32_splat(from)
#define splat(value) wasm_f32x4_splat(value)

#define INLINE static inline __attribute__((always_inline))

INLINE int smaller(int a, int b) { return a < b ? a : b; }
INLINE int larger(int a, int b) { return a > b ? a : b; }
INLINE int divide_up(int a, int b) { return (a + b - 1) / b; }

/** Adds the four lanes, pairwise. */
INLINE float sum_lanes(v128_t v) {
  v128_t halves = wasm_f32x4_add(v, wasm_i32x4_shuffle(v, v, 2, 3, 0, 1));
  return wasm_f32x4_extract_lane(halves, 0) + wasm_f32x4_extract_lane(halves, 1);
}

/** Transposes a 4x4 block held in four rows. */
INLINE void transpose4(v128_t *r0, v128_t *r1, v128_t *r2, v128_t *r3) {
  v128_t t0 = wasm_i32x4_shuffle(*r0, *r1, 0, 4, 1, 5);
  v128_t t1 = wasm_i32x4_shuffle(*r0, *r1, 2, 6, 3, 7);
  v128_t t2 = wasm_i32x4_shuffle(*r2, *r3, 0, 4, 1, 5);
  v128_t t3 = wasm_i32x4_shuffle(*r2, *r3, 2, 6, 3, 7);
  *r0 = wasm_i64x2_shuffle(t0, t2, 0, 2);
  *r1 = wasm_i64x2_shuffle(t0, t2, 1, 3);
  *r2 = wasm_i64x2_shuffle(t1, t3, 0, 2);
  *r3 = wasm_i64x2_shuffle(t1, t3, 1, 3);
}

/** The first `count` (1 to 3) of four values; zeros beyond. */
INLINE v128_t load_part(const float *from, int count) {
  v128_t values = wasm_v128_load32_zero(from);
  if (count > 1) values = wasm_f32x4_replace_lane(values, 1, from[1]);
  if (count > 2) values = wasm_f32x4_replace_lane(values, 2, from[2]);
  return values;
}

INLINE void store_part(float *to, v128_t values, int count) {
  to[0] = wasm_f32x4_extract_lane(values, 0);
  if (count > 1) to[1] = wasm_f32x4_extract_lane(values, 1);
  if (count > 2) to[2] = wasm_f32x4_extract_lane(values, 2);
}

/** Four values at `index` of `size`, fewer at the end. */
INLINE v128_t load_some(const float *from, int index, int size) {
  return index + 4 <= size ? load4(from + index) : load_part(from + index, size - index);
}

INLINE void store_some(float *to, v128_t values, int index, int size) {
  if (index + 4 <= size) {
    store4(to + index, values);
  } else {
    store_part(to + index, values, size - index);
  }
}
