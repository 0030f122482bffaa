#include "context.h"
#include "micro-kernel.h"
#include "pack.h"
#include "row-product.h"

/** A stack of products; all strides count values. Lives in the words of the context while its job runs. */
typedef struct {
  const float *left, *right, *bias;
  float *out;
  int batch, left_step, right_step; /* from one matrix of the stack to the next; 0 where all share one */
  int rows, columns, inner;
  int left_row, left_inner, right_inner, right_column;
  int activation;
  int batch_chunk, row_chunk, column_chunk; /* how much of each a chunk covers */
} Product;

_Static_assert(sizeof(Product) <= sizeof(((Context *)0)->words), "a product fits into the words of a job");

/** Multiply-adds that are worth a chunk of their own. */
#define CHUNK_WORK 300000
/** At most this many rows, or columns where there is one row, go without packing. */
#define FEW 3

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
          Finish finish = {k > 0, bias && is_last ? bias + column + j : 0, is_last ? p->activation : LINEAR, slope};
          for (int i = 0; i < height; i += 4) {
            const float *a = packed_left + i * depth, *b = packed_right + j * depth;
            float *target = out + (row + i) * p->columns + column + j;
            if (height - i >= 4 && width - j >= 8) {
              whole_tile(depth, a, b, target, p->columns, &finish);
            } else {
              part_of_tile(depth, a, b, target, p->columns, &finish, smaller(4, height - i), smaller(8, width - j),
                           tile);
            }
          }
        }
      }
    }
  }
}

static void few_rows(const Product *p, float slope, const float *left, const float *right, float *out,
                     const float *bias, int rows, int columns) {
  for (int row = 0; row < rows; row++) {
    const float *factor = left + row * p->left_row;
    float *target = out + row * p->columns;
    if (p->right_column == 1) {
      add_rows_across(factor, right, p->right_inner, target, p->inner, columns);
    } else {
      dot_columns(factor, right, p->right_column, target, p->inner, columns);
    }
    finish_row(target, columns, bias, p->activation, slope);
  }
}

static void product_chunk(const Context *context, int chunk, float *scratch) {
  const Product *p = (const Product *)context->words;
  float slope = context->numbers[0];
  int column_chunks = divide_up(p->columns, p->column_chunk), row_chunks = divide_up(p->rows, p->row_chunk);
  int column = chunk % column_chunks * p->column_chunk;
  int row = chunk / column_chunks % row_chunks * p->row_chunk;
  int first = chunk / column_chunks / row_chunks * p->batch_chunk;
  int last = smaller(p->batch, first + p->batch_chunk);
  int rows = smaller(p->row_chunk, p->rows - row), columns = smaller(p->column_chunk, p->columns - column);
  for (int index = first; index < last; index++) {
    const float *left = p->left + index * p->left_step + row * p->left_row;
    const float *right = p->right + index * p->right_step + column * p->right_column;
    float *out = p->out + index * p->rows * p->columns + row * p->columns + column;
    const float *bias = p->bias ? p->bias + column : 0;
    if ((p->rows <= FEW && p->left_inner == 1) || p->inner == 0) {
      few_rows(p, slope, left, right, out, bias, rows, columns);
    } else {
      packed_part(context, p, slope, left, right, out, bias, rows, columns, scratch);
    }
  }
}

/** Divides a product so that every thread gets about four chunks, none too small to pay. Sums do not depend on it. */
static int divide(const Context *context, Product *p) {
  double work = (double)p->batch * p->rows * p->columns * p->inner;
  int wanted = context->threads <= 1 ? 1 : smaller(4 * context->threads, (int)(work / CHUNK_WORK));
  p->batch_chunk = p->batch;
  p->row_chunk = p->rows;
  p->column_chunk = p->columns;
  if (wanted <= 1) return 1;
  if (p->batch >= wanted) {
    p->batch_chunk = divide_up(p->batch, wanted);
    return divide_up(p->batch, p->batch_chunk);
  }
  p->batch_chunk = 1;
  int parts = divide_up(wanted, p->batch);
  /* The cut runs across the longer side: each part packs the whole of the other factor. */
  if (p->rows >= p->columns) {
    p->row_chunk = 4 * divide_up(p->rows, 4 * parts);
  } else {
    p->column_chunk = 16 * divide_up(p->columns, 16 * parts);
  }
  return p->batch * divide_up(p->rows, p->row_chunk) * divide_up(p->columns, p->column_chunk);
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
  *p = (Product){left,      right,      bias,    out,
                 batch,     left_step,  right_step,
                 rows,      columns,    inner,
                 turn_left ? 1 : inner, turn_left ? rows : 1,
                 turn_right ? 1 : columns, turn_right ? inner : 1,
                 activation, 0, 0, 0};
  context->numbers[0] = slope;
  if (rows == 1) p->left_inner = 1;
  if (columns == 1 && rows > FEW && !bias) {
    /* A column is a row of the transposed product. */
    Product turned = *p;
    p->left = turned.right;
    p->left_step = turned.right_step;
    p->left_inner = turned.right_inner;
    p->left_row = inner;
    p->right = turned.left;
    p->right_step = turned.left_step;
    p->right_inner = turned.left_inner;
    p->right_column = turned.left_row;
    p->rows = 1;
    p->columns = rows;
    p->left_inner = 1;
  }
  run_job(context, product_chunk, divide(context, p));
}
