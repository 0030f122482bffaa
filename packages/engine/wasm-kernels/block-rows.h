#pragma once
#include "blocks.h"

INLINE void move_on(Sink *sink, int elements) {
  if (sink->out) {
    sink->out += elements;
  } else if (sink->fast.bytes) {
    sink->fast.bytes += elements;
    sink->fast.scales += elements / 32;
    sink->fast.sums += elements / 16;
  } else {
    sink->x += elements;
  }
}

#define WALK_ROW(elements, bytes, walk)                                        \
  for (int column = 0; column < columns; column += elements, row += bytes) {   \
    walk;                                                                      \
    move_on(sink, elements);                                                   \
  }                                                                            \
  return;

/** Gives all values of a row to a sink, but what does not fill four halves. */
INLINE void walk_row(int format, const uint8_t *row, int columns, Sink *sink) {
  switch (format) {
    case Q4_0: WALK_ROW(32, 18, walk_q4(row, sink, 0))
    case Q4_1: WALK_ROW(32, 20, walk_q4(row, sink, 1))
    case Q5_0: WALK_ROW(32, 22, walk_q5(row, sink, 0))
    case Q5_1: WALK_ROW(32, 24, walk_q5(row, sink, 1))
    case Q8_0: WALK_ROW(32, 34, walk_q8_0(row, sink))
    case Q4_K: WALK_ROW(256, 144, walk_groups(row, sink, 0))
    case Q5_K: WALK_ROW(256, 176, walk_groups(row, sink, 1))
    case Q6_K: WALK_ROW(256, 210, walk_q6_k(row, sink))
    case NF4: WALK_ROW(64, 36, walk_nf4(row, sink))
    case FLOAT16: WALK_ROW(4, 8, walk_halves(row, sink, 0))
    case BFLOAT16: WALK_ROW(4, 8, walk_halves(row, sink, 1))
  }
}

/** The value at one place of a row of halves. */
INLINE float half_at(int format, const uint8_t *row, int column) {
  v128_t bits = wasm_i32x4_splat(row[2 * column] | row[2 * column + 1] << 8);
  return wasm_f32x4_extract_lane(format == BFLOAT16 ? wasm_i32x4_shl(bits, 16) : all_halves(bits), 0);
}

/** Where whole walks end. */
INLINE int walked_columns(int format, int columns) { return format == FLOAT16 || format == BFLOAT16 ? columns & ~3 : columns; }

/** The floats that a row stands for. */
static __attribute__((noinline)) void widen_row(int format, const uint8_t *row, int columns, float *out) {
  int walked = walked_columns(format, columns);
  Sink sink = {.out = out};
  walk_row(format, row, walked, &sink);
  for (int column = walked; column < columns; column++) out[column] = half_at(format, row, column);
}

/** A row times activations. */
static __attribute__((noinline)) float dot_row(int format, const uint8_t *row, int columns, const float *x) {
  int walked = walked_columns(format, columns);
  v128_t zero = splat(0);
  Sink sink = {.x = x, .sums = {zero, zero, zero, zero}};
  walk_row(format, row, walked, &sink);
  float sum = sum_lanes(
      wasm_f32x4_add(wasm_f32x4_add(sink.sums[0], sink.sums[1]), wasm_f32x4_add(sink.sums[2], sink.sums[3])));
  for (int column = walked; column < columns; column++) sum += half_at(format, row, column) * x[column];
  return sum;
}

/** The same with activations in bytes; not for plain halves. */
static __attribute__((noinline)) float dot_row_fast(int format, const uint8_t *row, int columns, ActivationBytes x) {
  v128_t zero = splat(0);
  Sink sink = {.fast = x, .sums = {zero, zero, zero, zero}};
  walk_row(format, row, columns, &sink);
  return sum_lanes(sink.sums[0]) + wasm_f32x4_extract_lane(sink.sums[1], 0);
}
