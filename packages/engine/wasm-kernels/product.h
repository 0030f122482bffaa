#pragma once
#include "context.h"

/** A stack of products; all strides count values. Lives in the words of the context while its job runs. */
typedef struct {
  const float *left, *right, *bias;
  float *out;
  /* Of `batch` times `heads` products, from one to the next; 0 where all share one. */
  int batch, heads;
  int left_step, left_head, right_step, right_head, out_step, out_head;
  int right_group; /* consecutive heads that share one of the right factor */
  int rows, columns, inner;
  int left_row, left_inner, right_inner, right_column, out_row;
  int activation;
  int add;                                               /* to what the output holds */
  int batch_chunk, row_chunk, column_chunk, inner_chunk; /* how much of each a chunk covers */
} Product;

_Static_assert(sizeof(Product) <= sizeof(((Context *)0)->words), "a product fits into the words of a job");

/** At most this many rows, or columns where there is one row, go without packing. */
#define FEW 3

INLINE int is_few_rows(const Product *p) { return p->rows <= FEW && p->left_inner == 1; }

/** The description of one product in the words of the context, still without factors. */
Product *new_product(Context *context);

void run_product(Context *context, Product *p);
