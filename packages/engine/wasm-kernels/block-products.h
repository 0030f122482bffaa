#pragma once
#include <stdint.h>
#include "context.h"

/** Rows of a matrix in blocks. */
typedef struct {
  const uint8_t *blocks; /* the first row */
  int format, row_bytes, rows, columns;
} BlockRows;

/** At most this many rows of activations are multiplied where the weights are unpacked, without a panel. */
#define FEW_ACTIVATIONS 64

/** `out = x W^T`, x `[count, columns]`, for few rows of x; rows of the output begin `out_row` values apart. */
void multiply_few_rows(Context *context, const float *x, BlockRows w, float *out, int count, int out_row);

/** The same for any number of rows, which are put into bytes first (`--compute fast`). */
void multiply_fast(Context *context, const float *x, BlockRows w, float *out, int count, int out_row);

/** Whether a format says so, and there is room for a row of such bytes. */
int is_fast(const Context *context, int format, int columns);

/** The same for many: `panel_rows` rows of W at a time are widened into `panel`. */
void multiply_by_panels(Context *context, const float *x, BlockRows w, float *out, int count, int out_row, float *panel,
                        int panel_rows);
