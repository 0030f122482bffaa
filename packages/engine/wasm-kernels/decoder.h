#pragma once
#include <stdint.h>
#include "jobs.h"

/*
 * What one decoding step of all blocks reads, as src/decoding/decoder-words.ts writes it: words, in this order. Tensors go by their
 * addresses.
 */
typedef struct {
  const uint8_t *blocks;
  int first, format, row_bytes, rows;
} DecoderPart;

typedef struct {
  int parts;
  const float *bias; /* or null */
  DecoderPart part[3];
} DecoderMatrix;

typedef struct {
  const float *attention_gain, *feed_forward_gain;
  DecoderMatrix query_key_value, attention_output, gate, input, output;
} DecoderBlock;

typedef struct {
  int rows; /* one for each new position: `positions` of the first text, then of the next */
  int size, heads, groups, width, feed_forward;
  int slots; /* that hold positions before this step; it fills the next ones */
  int block_count;
  int bias_rows; /* 0: no bias; otherwise rows take them in turn */
  float epsilon, slope, cubic;
  int panel_rows;
  int positions; /* new ones of each text */
  int texts;
  int reserved;
} DecoderSizes;

/** One step. */
typedef struct {
  const DecoderSizes *sizes;
  const int *firsts;     /* by text, its first slot that holds a position */
  const int *capacities; /* by text, slots that its memory has room for */
  float *const *caches;  /* by text, [blocks, 2, capacity, groups * width]: keys and values */
  int number;            /* of the block */
  const float *bias;     /* [bias_rows, slots + positions] */
  const float *cosine, *sine; /* [rows, width] */
  float *query_key_value, *heads;
  float *gate;
  const float *input;
} DecoderStep;
