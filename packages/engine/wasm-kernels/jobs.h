#pragma once
#include "context.h"

/** Values that are worth a chunk of their own in work that touches each once or twice. */
#define CHUNK_VALUES 16384
/** Columns that a chunk of a sum down the columns takes: a cache line. */
#define CHUNK_COLUMNS 16

/** Rows of a chunk of row-wise work. */
INLINE int rows_per_chunk(int width) { return larger(1, CHUNK_VALUES / larger(1, width)); }

/** What most jobs read from the words of the context. */
typedef struct {
  const float *a, *b, *c, *d, *e;
  float *out, *out2, *out3;
  const int *ids;
  int rows, columns;
  int kind, flag;
} Job;

_Static_assert(sizeof(Job) <= sizeof(((Context *)0)->words), "a job fits into its words");
