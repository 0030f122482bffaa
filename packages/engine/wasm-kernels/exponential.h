#pragma once
#include "simd.h"

/**
 * e^x of four values, to about 2 units in the last place: x = n ln 2 + r with r in half of ln 2 about 0, and the
 * polynomial of Cephes' expf (Moshier) for e^r. 0 below -87.3; a NaN stays one.
 */
INLINE v128_t exponential(v128_t x) {
  v128_t lowest = splat(-87.33f);
  v128_t tiny = wasm_f32x4_lt(x, lowest);
  v128_t bounded = wasm_f32x4_min(wasm_f32x4_max(x, lowest), splat(88.37f));
  v128_t n = wasm_f32x4_nearest(wasm_f32x4_mul(bounded, splat(1.44269504f)));
  v128_t r = multiply_add(n, splat(-0.693359375f), bounded);
  r = multiply_add(n, splat(2.12194440e-4f), r);
  v128_t p = splat(1.9875691500e-4f);
  p = multiply_add(p, r, splat(1.3981999507e-3f));
  p = multiply_add(p, r, splat(8.3334519073e-3f));
  p = multiply_add(p, r, splat(4.1665795894e-2f));
  p = multiply_add(p, r, splat(1.6666665459e-1f));
  p = multiply_add(p, r, splat(5.0000001201e-1f));
  p = multiply_add(wasm_f32x4_mul(r, r), p, wasm_f32x4_add(r, splat(1)));
  v128_t bits = wasm_i32x4_shl(wasm_i32x4_add(wasm_i32x4_trunc_sat_f32x4(n), wasm_i32x4_splat(127)), 23);
  return wasm_v128_andnot(wasm_f32x4_mul(p, bits), tiny);
}

/** 1 / (1 + e^-x) */
INLINE v128_t sigmoid(v128_t x) {
  v128_t one = splat(1);
  return wasm_f32x4_div(one, wasm_f32x4_add(one, exponential(wasm_f32x4_neg(x))));
}

/** Natural logarithm of a positive, normal number, to about 1 unit in the last place (Cephes' logf). */
INLINE float logarithm(float x) {
  union {
    float value;
    int bits;
  } number = {x};
  int exponent = ((number.bits >> 23) & 255) - 126;
  number.bits = (number.bits & 0x007fffff) | 0x3f000000;
  float m = number.value; /* in [0.5, 1) */
  if (m < 0.707106781f) {
    exponent -= 1;
    m += m;
  }
  m -= 1;
  float z = m * m;
  float p = 7.0376836292e-2f;
  p = p * m - 1.1514610310e-1f;
  p = p * m + 1.1676998740e-1f;
  p = p * m - 1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m - 1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m - 2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  float e = (float)exponent;
  float y = m * z * p + e * -2.12194440e-4f - 0.5f * z;
  return m + y + e * 0.693359375f;
}
