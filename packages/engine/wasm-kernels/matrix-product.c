#include "pack.h"
#include "row-product.h"

/** Multiply-adds that are worth a chunk of their own. */
#define CHUNK_WORK 300000

static void packed_part(const Context *context, const Product *p, float slope, const float *left,
                        const float *right, float *out, const float *bias, int rows, int columns, float *scratch) {
  int row_block = context->row_block, inner_block = context->inner_block, column_block = context->column_block;
  float *packed_left = scratch, *packed_right = packed_left + row_block * inner_block;
  float *tile = packed_right + column_block * inner_block;
  for (int column = 0; column < columns; column += column_block) {
    int width = smaller(column_block, columns - column);
    for (int k = 0; k < p->inner; k += inner_block) {
      int depth = smaller(inner_block, p->inner - k), is_last = k + depth == p->inner;
      const float *corner = right + k * p->right_inner + column * p->right_column;
      pack_right(packed_right, corner, p->right_inner, p->right_column, width, depth);
      for (int row = 0; row < rows; row += row_block) {
        int height = smaller(row_block, rows - row);
        pack_left(packed_left, left + row * p->left_row + k * p->left_inner, p->left_row, p->left_inner, height,
                  depth);
        for (int j = 0; j < width; j += 8) {
          Finish finish = {p->add || k > 0, bias && is_last ? bias + column + j : 0, is_last ? p->activation : LINEAR, slope};
          for (int i = 0; i < height; i += 4) {
            const float *a = packed_left + i * depth, *b = packed_right + j * depth;
            float *target = out + (row + i) * p->out_row + column + j;
            if (height - i >= 4 && width - j >= 8) {
              whole_tile(depth, a, b, target, p->out_row, &finish);
            } else {
              part_of_tile(depth, a, b, target, p->out_row, &finish, smaller(4, height - i), smaller(8, width - j),
                           tile);
            }
          }
        }
      }
    }
  }
}

static void product_chunk(const Context *context, int chunk, float *scratch) {
  const Product *p = (const Product *)context->words;
  float slope = context->numbers[0];
  int column_chunks = divide_up(p->columns, p->column_chunk), row_chunks = divide_up(p->rows, p->row_chunk);
  int column = chunk % column_chunks * p->column_chunk;
  int row = chunk / column_chunks % row_chunks * p->row_chunk;
  int first = chunk / column_chunks / row_chunks * p->batch_chunk;
  int last = smaller(p->batch * p->heads, first + p->batch_chunk);
  int rows = smaller(p->row_chunk, p->rows - row), columns = smaller(p->column_chunk, p->columns - column);
  for (int index = first; index < last; index++) {
    int batch = index / p->heads, head = index % p->heads;
    const float *left = p->left + batch * p->left_step + head * p->left_head + row * p->left_row;
    const float *right = p->right + batch * p->right_step + head / p->right_group * p->right_head +
                         column * p->right_column;
    float *out = p->out + batch * p->out_step + head * p->out_head + row * p->out_row + column;
    const float *bias = p->bias ? p->bias + column : 0;
    if (is_few_rows(p) || p->inner == 0) {
      few_rows(p, slope, left, right, out, bias, rows, columns);
    } else {
      packed_part(context, p, slope, left, right, out, bias, rows, columns, scratch);
    }
  }
}

/** Divides a product so that every thread gets about four chunks, none too small to pay. Sums do not depend on it. */
static int divide(const Context *context, Product *p) {
  int batch = p->batch * p->heads;
  double work = (double)batch * p->rows * p->columns * p->inner;
  int chunk_work = is_few_rows(p) ? ROW_CHUNK_WORK : CHUNK_WORK;
  int wanted = context->threads <= 1 ? 1 : smaller(4 * context->threads, (int)(work / chunk_work));
  p->batch_chunk = batch;
  p->row_chunk = p->rows;
  p->column_chunk = p->columns;
  if (wanted <= 1) return 1;
  if (batch >= wanted) {
    p->batch_chunk = divide_up(batch, wanted);
    return divide_up(batch, p->batch_chunk);
  }
  p->batch_chunk = 1;
  int parts = divide_up(wanted, batch);
  /* The cut runs across the longer side: each part packs the whole of the other factor. */
  if (p->rows >= p->columns) {
    p->row_chunk = 4 * divide_up(p->rows, 4 * parts);
  } else {
    p->column_chunk = 16 * divide_up(p->columns, 16 * parts);
  }
  return batch * divide_up(p->rows, p->row_chunk) * divide_up(p->columns, p->column_chunk);
}

/* Not filled from a template, which would be data of the module's own. */
#define NOTHING ((Product){0})

Product *new_product(Context *context) {
  Product *p = (Product *)context->words;
  *p = NOTHING;
  p->batch = p->heads = p->right_group = 1;
  return p;
}

void run_product(Context *context, Product *p) {
  int parts = row_parts(context, p);
  if (parts > 1) run_row_parts(context, p, parts);
  else run_job(context, product_chunk, divide(context, p));
}

/**
 * `out = activation(left right + bias)` for each of `batch` matrices: left `[rows, inner]`, or `[inner, rows]` where
 * `turn_left`; right `[inner, columns]`, or `[columns, inner]` where `turn_right`; bias `[columns]` or null. The same
 * inputs give the same bits on any number of threads.
 */
EXPORT("product") void product(Context *context, const float *left, const float *right, float *out, int batch,
                               int left_step, int right_step, int rows, int columns, int inner, int turn_left,
                               int turn_right, const float *bias, int activation, float slope) {
  Product *p = (Product *)context->words;
  *p = NOTHING;
  p->left = left;
  p->right = right;
  p->bias = bias;
  p->out = out;
  p->batch = batch;
  p->heads = 1;
  p->right_group = 1;
  p->left_step = left_step;
  p->right_step = right_step;
  p->out_step = rows * columns;
  p->rows = rows;
  p->columns = columns;
  p->inner = inner;
  p->left_row = turn_left ? 1 : inner;
  p->left_inner = turn_left ? rows : 1;
  p->right_inner = turn_right ? 1 : columns;
  p->right_column = turn_right ? inner : 1;
  p->out_row = columns;
  p->activation = activation;
  context->numbers[0] = slope;
  if (columns == 1 && rows > FEW && !bias) {
    /* A column is a row of the transposed product. */
    p->left = right;
    p->left_step = right_step;
    p->left_row = inner;
    p->left_inner = 1;
    p->right = left;
    p->right_step = left_step;
    p->right_inner = turn_left ? rows : 1;
    p->right_column = turn_left ? 1 : inner;
    p->rows = 1;
    p->columns = rows;
    p->out_row = rows;
  }
  run_product(context, p);
}

/*
 * The three products of attention, of heads side by side in the rows: x is `[batch * queries, heads * width]`, y is
 * `[batch * keys, groups * width]`, p is `[batch, heads, queries, keys]`. Each group of y serves heads / groups
 * consecutive heads.
 */

/** `p = x y^T` by head. */
EXPORT("head_scores") void head_scores(Context *context, const float *x, const float *y, float *p, int batch, int heads,
                                       int groups, int queries, int keys, int width) {
  Product *job = (Product *)context->words;
  *job = NOTHING;
  job->left = x;
  job->right = y;
  job->out = p;
  job->batch = batch;
  job->heads = heads;
  job->right_group = heads / groups;
  job->left_step = queries * heads * width;
  job->left_head = width;
  job->right_step = keys * groups * width;
  job->right_head = width;
  job->out_step = heads * queries * keys;
  job->out_head = queries * keys;
  job->rows = queries;
  job->columns = keys;
  job->inner = width;
  job->left_row = heads * width;
  job->left_inner = 1;
  job->right_inner = 1;
  job->right_column = groups * width;
  job->out_row = keys;
  run_product(context, job);
}

/** `x = p y` by head. */
EXPORT("head_mix") void head_mix(Context *context, const float *p, const float *y, float *x, int batch, int heads,
                                 int groups, int queries, int keys, int width) {
  Product *job = (Product *)context->words;
  *job = NOTHING;
  job->left = p;
  job->right = y;
  job->out = x;
  job->batch = batch;
  job->heads = heads;
  job->right_group = heads / groups;
  job->left_step = heads * queries * keys;
  job->left_head = queries * keys;
  job->right_step = keys * groups * width;
  job->right_head = width;
  job->out_step = queries * heads * width;
  job->out_head = width;
  job->rows = queries;
  job->columns = width;
  job->inner = keys;
  job->left_row = keys;
  job->left_inner = 1;
  job->right_inner = groups * width;
  job->right_column = 1;
  job->out_row = heads * width;
  run_product(context, job);
}

/** `y = p^T x`, summed over the heads of a group. */
EXPORT("head_gather") void head_gather(Context *context, const float *p, const float *x, float *y, int batch, int heads,
                                       int groups, int queries, int keys, int width) {
  Product *job = (Product *)context->words;
  int sharing = heads / groups;
  for (int head = 0; head < sharing; head++) {
    *job = NOTHING;
    job->left = p + head * queries * keys;
    job->right = x + head * width;
    job->out = y;
    job->batch = batch;
    job->heads = groups;
    job->right_group = 1;
    job->add = head > 0;
    job->left_step = heads * queries * keys;
    job->left_head = sharing * queries * keys;
    job->right_step = queries * heads * width;
    job->right_head = sharing * width;
    job->out_step = keys * groups * width;
    job->out_head = width;
    job->rows = keys;
    job->columns = width;
    job->inner = queries;
    job->left_row = 1;
    job->left_inner = keys;
    job->right_inner = heads * width;
    job->right_column = 1;
    job->out_row = groups * width;
    run_product(context, job);
  }
}
