#include "block-dots.h"
#include "jobs.h"
#include "product.h"

/* Products with the transpose of a matrix whose rows lie in blocks: see src/quantised/quantised-linear.ts. */

typedef struct {
  const uint8_t *blocks; /* the first row that is read */
  const float *x;
  const float *laid_out; /* the activations, see block-dots.h, or null */
  float *out;
  const int *ids;
  int format, row_bytes, columns;
  int count; /* activations' rows */
  int rows, chunk_rows;       /* of the matrix */
} Blocks;

_Static_assert(sizeof(Blocks) <= sizeof(((Context *)0)->words), "a job on blocks fits into its words");

/** Weights that are worth a chunk of their own. */
#define CHUNK_WEIGHTS 30000

static void run_rows(Context *context, ChunkFunction function) {
  Blocks *job = (Blocks *)context->words;
  int least = divide_up(CHUNK_WEIGHTS, larger(1, job->columns));
  int wanted = context->threads <= 1 ? 1 : 4 * context->threads;
  job->chunk_rows = 4 * divide_up(larger(least, divide_up(job->rows, wanted)), 4);
  run_job(context, function, divide_up(job->rows, job->chunk_rows));
}

static void dot_chunk(const Context *context, int chunk, float *scratch) {
  (void)scratch;
  const Blocks *job = (const Blocks *)context->words;
  int bytes = job->row_bytes;
  int first = chunk * job->chunk_rows, end = smaller(job->rows, first + job->chunk_rows);
  if (job->laid_out) {
    int values = laid_out_values(job->format, job->columns);
    for (int row = first; row < end; row += 4) {
      for (int i = 0; i < job->count; i++) {
        dot_rows(job->format, job->blocks + row * bytes, bytes, job->columns, job->x + i * job->columns,
                 job->laid_out + i * values, job->out + i * job->rows + row, smaller(4, end - row));
      }
    }
    return;
  }
  for (int row = first; row < end; row++) {
    for (int i = 0; i < job->count; i++) {
      job->out[i * job->rows + row] = dot_row(job->format, job->blocks + row * bytes, job->columns, job->x + i * job->columns);
    }
  }
}

static void widen_chunk(const Context *context, int chunk, float *scratch) {
  (void)scratch;
  const Blocks *job = (const Blocks *)context->words;
  int bytes = job->row_bytes;
  int first = chunk * job->chunk_rows, end = smaller(job->rows, first + job->chunk_rows);
  for (int row = first; row < end; row++) {
    int from = job->ids ? job->ids[row] : row;
    widen_row(job->format, job->blocks + from * bytes, job->columns, job->out + row * job->columns);
  }
}

static void widen_panel(Context *context, const uint8_t *blocks, int format, int row_bytes, int columns,
                        float *panel, int rows) {
  *(Blocks *)context->words = (Blocks){.blocks = blocks, .out = panel, .format = format, .row_bytes = row_bytes, .columns = columns, .rows = rows};
  run_rows(context, widen_chunk);
}

/** Rows by index, `[count, columns]`. @return the first place whose index is outside the table, or -1 */
EXPORT("block_rows") int block_rows(Context *context, const uint8_t *blocks, const int *ids, float *out, int count,
                                    int rows, int columns, int format, int row_bytes) {
  for (int place = 0; place < count; place++) {
    if (ids[place] < 0 || ids[place] >= rows) return place;
  }
  *(Blocks *)context->words = (Blocks){.blocks = blocks, .out = out, .ids = ids, .format = format, .row_bytes = row_bytes, .columns = columns, .rows = count};
  run_rows(context, widen_chunk);
  return -1;
}

/** `out = x W^T`, x `[count, columns]`, for a few rows of x: each weight is used where it is unpacked. */
EXPORT("block_row_product") void block_row_product(Context *context, const float *x, const uint8_t *blocks, float *out,
                                                   int count, int rows, int columns, int format, int row_bytes) {
  float *laid_out = 0;
  int values = laid_out_values(format, columns);
  if (has_four_row_dots(format) && count * values <= packed_values(context)) {
    laid_out = context->scratch;
    for (int i = 0; i < count && values > 0; i++) lay_out(format, x + i * columns, columns, laid_out + i * values);
  }
  *(Blocks *)context->words = (Blocks){.blocks = blocks, .x = x, .laid_out = laid_out, .out = out, .format = format, .row_bytes = row_bytes, .columns = columns,
                                       .count = count, .rows = rows};
  run_rows(context, dot_chunk);
}

/** The same for many rows of x: some rows of W at a time are widened into `panel`, of `panel_rows` rows. */
EXPORT("block_product") void block_product(Context *context, const float *x, const uint8_t *blocks, float *out, int count,
                                           int rows, int columns, int format, int row_bytes, float *panel, int panel_rows) {
  for (int first = 0; first < rows; first += panel_rows) {
    int width = smaller(panel_rows, rows - first);
    widen_panel(context, blocks + first * row_bytes, format, row_bytes, columns, panel, width);
    Product *p = new_product(context);
    p->left = x;
    p->right = panel;
    p->out = out + first;
    p->rows = count;
    p->columns = width;
    p->inner = columns;
    p->left_row = columns;
    p->left_inner = 1;
    p->right_inner = 1;
    p->right_column = columns;
    p->out_row = rows;
    run_product(context, p);
  }
}

/** `out = dy W`, dy `[count, rows]`. */
EXPORT("block_product_gradient") void block_product_gradient(Context *context, const float *dy, const uint8_t *blocks,
                                                             float *out, int count, int rows, int columns, int format, int row_bytes,
                                                             float *panel, int panel_rows) {
  for (int first = 0; first < rows; first += panel_rows) {
    int depth = smaller(panel_rows, rows - first);
    widen_panel(context, blocks + first * row_bytes, format, row_bytes, columns, panel, depth);
    Product *p = new_product(context);
    p->left = dy + first;
    p->right = panel;
    p->out = out;
    p->rows = count;
    p->columns = columns;
    p->inner = depth;
    p->left_row = rows;
    p->left_inner = 1;
    p->right_inner = columns;
    p->right_column = 1;
    p->out_row = columns;
    p->add = first > 0;
    run_product(context, p);
  }
}
