#include "block-products.h"
#include "block-dots.h"
#include "fast-dots.h"
#include "jobs.h"
#include "product.h"
#include "widened-dots.h"

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
  int out_row;                /* values between rows of the output */
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
                 job->laid_out + i * values, job->out + i * job->out_row + row, smaller(4, end - row));
      }
    }
    return;
  }
  for (int row = first; row < end; row++) {
    for (int i = 0; i < job->count; i++) {
      job->out[i * job->out_row + row] = dot_row(job->format, job->blocks + row * bytes, job->columns, job->x + i * job->columns);
    }
  }
}

/**
 * The same for more rows of activations than unpacking can be repeated for: four rows of the matrix at a time are widened into the
 * thread's scratch, where they stay in the cache of its processor.
 */
static void several_chunk(const Context *context, int chunk, float *scratch) {
  const Blocks *job = (const Blocks *)context->words;
  int bytes = job->row_bytes, columns = job->columns;
  int first = chunk * job->chunk_rows, end = smaller(job->rows, first + job->chunk_rows);
  for (int row = first; row < end; row += 4) {
    int some = smaller(4, end - row);
    for (int r = 0; r < some; r++) widen_row(job->format, job->blocks + (row + r) * bytes, columns, scratch + r * columns);
    for (int i = 0; i < job->count; i += 2) {
      const float *x = job->x + i * columns;
      float *out = job->out + i * job->out_row + row;
      if (i + 1 < job->count) dot_widened(scratch, columns, x, x + columns, out, out + job->out_row, some);
      else dot_widened(scratch, columns, x, x, out, out, some);
    }
  }
}

/** The same with activations in bytes, whose rows lie where others are laid out. */
static void fast_chunk(const Context *context, int chunk, float *scratch) {
  (void)scratch;
  const Blocks *job = (const Blocks *)context->words;
  int bytes = job->row_bytes, columns = job->columns, values = activation_values(columns);
  int first = chunk * job->chunk_rows, end = smaller(job->rows, first + job->chunk_rows);
  for (int row = first; row < end; row += 4) {
    for (int i = 0; i < job->count; i++) {
      dot_rows_fast(job->format, job->blocks + row * bytes, bytes, columns, activations_at(job->laid_out + i * values, columns),
                    job->out + i * job->out_row + row, smaller(4, end - row));
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

void multiply_fast(Context *context, const float *x, BlockRows w, float *out, int count, int out_row) {
  int values = activation_values(w.columns), most = larger(1, packed_values(context) / larger(1, values));
  for (int first = 0; first < count; first += most) {
    int some = smaller(most, count - first);
    float *rows = context->scratch;
    for (int i = 0; i < some; i++) write_activation_bytes(x + (first + i) * w.columns, w.columns, rows + i * values);
    *(Blocks *)context->words = (Blocks){.blocks = w.blocks, .laid_out = rows, .out = out + first * out_row, .format = w.format & ~FAST,
                                         .row_bytes = w.row_bytes, .columns = w.columns, .count = some, .rows = w.rows, .out_row = out_row};
    run_rows(context, fast_chunk);
  }
}

int is_fast(const Context *context, int format, int columns) {
  return (format & FAST) && activation_values(columns) <= packed_values(context);
}

/** At most this many rows of activations are worth unpacking the weights for each. */
#define REPEATED_ACTIVATIONS 2

void multiply_few_rows(Context *context, const float *x, BlockRows w, float *out, int count, int out_row) {
  if (count > REPEATED_ACTIVATIONS && 4 * w.columns <= packed_values(context)) {
    *(Blocks *)context->words = (Blocks){.blocks = w.blocks, .x = x, .out = out, .format = w.format, .row_bytes = w.row_bytes,
                                         .columns = w.columns, .count = count, .rows = w.rows, .out_row = out_row};
    run_rows(context, several_chunk);
    return;
  }
  float *laid_out = 0;
  int values = laid_out_values(w.format, w.columns);
  if (has_four_row_dots(w.format) && count * values <= packed_values(context)) {
    laid_out = context->scratch;
    for (int i = 0; i < count && values > 0; i++) lay_out(w.format, x + i * w.columns, w.columns, laid_out + i * values);
  }
  *(Blocks *)context->words = (Blocks){.blocks = w.blocks, .x = x, .laid_out = laid_out, .out = out, .format = w.format,
                                       .row_bytes = w.row_bytes, .columns = w.columns, .count = count, .rows = w.rows, .out_row = out_row};
  run_rows(context, dot_chunk);
}

void multiply_by_panels(Context *context, const float *x, BlockRows w, float *out, int count, int out_row, float *panel,
                        int panel_rows) {
  for (int first = 0; first < w.rows; first += panel_rows) {
    int width = smaller(panel_rows, w.rows - first);
    widen_panel(context, w.blocks + first * w.row_bytes, w.format, w.row_bytes, w.columns, panel, width);
    Product *p = new_product(context);
    p->left = x;
    p->right = panel;
    p->out = out + first;
    p->rows = count;
    p->columns = width;
    p->inner = w.columns;
    p->left_row = w.columns;
    p->left_inner = 1;
    p->right_inner = 1;
    p->right_column = w.columns;
    p->out_row = out_row;
    run_product(context, p);
  }
}

/** `out = x W^T`, x `[count, columns]`, for few rows of x: weights are used where they are unpacked. */
EXPORT("block_row_product") void block_row_product(Context *context, const float *x, const uint8_t *blocks, float *out,
                                                   int count, int rows, int columns, int format, int row_bytes) {
  BlockRows w = {blocks, format, row_bytes, rows, columns};
  if (is_fast(context, format, columns)) multiply_fast(context, x, w, out, count, rows);
  else multiply_few_rows(context, x, w, out, count, rows);
}

/** The same for many rows of x: some rows of W at a time are widened into `panel`, of `panel_rows` rows. */
EXPORT("block_product") void block_product(Context *context, const float *x, const uint8_t *blocks, float *out, int count,
                                           int rows, int columns, int format, int row_bytes, float *panel, int panel_rows) {
  multiply_by_panels(context, x, (BlockRows){blocks, format, row_bytes, rows, columns}, out, count, rows, panel, panel_rows);
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
