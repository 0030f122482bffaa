#pragma once
#include "product.h"
#include "micro-kernel.h"

/*
 * Products of one to three rows, as in decoding: every value of the right factor is used so few times that packing
 * it would cost more than the product, and how fast memory gives it is all that counts. It is read from its first
 * value to its last, one run at a time: with several runs at once, what the processor fetches ahead of one pushes
 * out what it fetched for another. The rows are contiguous.
 */

/** `out += row * right` where the columns lie side by side: along the columns of each inner index. */
static __attribute__((noinline)) void add_rows_across(const float *row, const float *right, int inner_stride,
                                                      float *out, int inner, int columns) {
  for (int k = 0; k < inner; k++, right += inner_stride) {
    v128_t x = splat_from(row + k);
    int column = 0;
    for (; column + 16 <= columns; column += 16) {
      float *to = out + column;
      const float *from = right + column;
      v128_t s0 = multiply_add(x, load4(from), load4(to));
      v128_t s1 = multiply_add(x, load4(from + 4), load4(to + 4));
      v128_t s2 = multiply_add(x, load4(from + 8), load4(to + 8));
      v128_t s3 = multiply_add(x, load4(from + 12), load4(to + 12));
      store4(to, s0);
      store4(to + 4, s1);
      store4(to + 8, s2);
      store4(to + 12, s3);
    }
    for (; column < columns; column += 4) {
      v128_t sum = multiply_add(x, load_some(right, column, columns), load_some(out, column, columns));
      store_some(out, sum, column, columns);
    }
  }
}

/** `out += row * right` where each column is contiguous: one scalar product after another, in four sums. */
static __attribute__((noinline)) void dot_columns(const float *row, const float *right, int column_stride,
                                                  float *out, int inner, int columns) {
  for (int column = 0; column < columns; column++, right += column_stride) {
    v128_t s0 = splat(0), s1 = s0, s2 = s0, s3 = s0;
    int k = 0;
    for (; k + 16 <= inner; k += 16) {
      s0 = multiply_add(load4(row + k), load4(right + k), s0);
      s1 = multiply_add(load4(row + k + 4), load4(right + k + 4), s1);
      s2 = multiply_add(load4(row + k + 8), load4(right + k + 8), s2);
      s3 = multiply_add(load4(row + k + 12), load4(right + k + 12), s3);
    }
    for (; k < inner; k += 4) s0 = multiply_add(load_some(row, k, inner), load_some(right, k, inner), s0);
    out[column] += sum_lanes(wasm_f32x4_add(wasm_f32x4_add(s0, s1), wasm_f32x4_add(s2, s3)));
  }
}

/** Bias and activation of one finished row. */
INLINE void finish_row(float *out, int columns, const float *bias, int activation, float slope) {
  if (!bias && activation == LINEAR) return;
  for (int column = 0; column < columns; column += 4) {
    v128_t sum = load_some(out, column, columns);
    if (bias) sum = wasm_f32x4_add(sum, load_some(bias, column, columns));
    store_some(out, activate(sum, activation, slope), column, columns);
  }
}

static void few_rows(const Product *p, float slope, const float *left, const float *right, float *out,
                     const float *bias, int rows, int columns) {
  for (int row = 0; row < rows; row++) {
    const float *factor = left + row * p->left_row;
    float *target = out + row * p->out_row;
    if (!p->add) __builtin_memset(target, 0, 4 * columns);
    if (p->right_column == 1) {
      add_rows_across(factor, right, p->right_inner, target, p->inner, columns);
    } else {
      dot_columns(factor, right, p->right_column, target, p->inner, columns);
    }
    finish_row(target, columns, bias, p->activation, slope);
  }
}

/** Multiply-adds of few rows that are worth a chunk of their own. */
#define ROW_CHUNK_WORK 30000
/** Parts of the inner index, on any number of threads, as the sums depend on them. */
#define ROW_PARTS 4

/**
 * Into how many parts of its inner index a product of few rows is divided, each of which reads one run of the right
 * factor; 1 where it is too small, is one of many, or where its columns are divided instead: each of them is a run.
 */
static int row_parts(const Context *context, const Product *p) {
  if (!is_few_rows(p) || p->right_column != 1 || p->add || p->batch * p->heads != 1) return 1;
  int values = p->rows * p->columns;
  if (values == 0) return 1;
  double work = (double)p->inner * p->columns;
  return smaller(smaller(ROW_PARTS, (int)(work / ROW_CHUNK_WORK)), 1 + packed_values(context) / values);
}

/** The sums of one part: the first part's lie in the output, the others' one after another in the main scratch. */
static float *part_sums(const Context *context, const Product *p, int part) {
  return part == 0 ? p->out : context->scratch + (part - 1) * p->rows * p->columns;
}

static void row_part_chunk(const Context *context, int part, float *scratch) {
  (void)scratch;
  const Product *p = (const Product *)context->words;
  int step = p->inner_chunk, first = part * step, inner = smaller(step, p->inner - first);
  float *sums = part_sums(context, p, part);
  __builtin_memset(sums, 0, 4 * p->rows * p->columns);
  for (int row = 0; row < p->rows; row++) {
    const float *factor = p->left + row * p->left_row + first, *right = p->right + first * p->right_inner;
    add_rows_across(factor, right, p->right_inner, sums + row * p->columns, inner, p->columns);
  }
}

/** A product of few rows whose output rows lie side by side, by parts of the inner index. */
static void run_row_parts(Context *context, Product *p, int parts) {
  p->inner_chunk = divide_up(p->inner, parts);
  parts = divide_up(p->inner, p->inner_chunk);
  run_job(context, row_part_chunk, parts);
  int values = p->rows * p->columns;
  for (int part = 1; part < parts; part++) {
    const float *sums = part_sums(context, p, part);
    for (int i = 0; i < values; i += 4) {
      store_some(p->out, wasm_f32x4_add(load_some(p->out, i, values), load_some(sums, i, values)), i, values);
    }
  }
  for (int row = 0; row < p->rows; row++) {
    finish_row(p->out + row * p->columns, p->columns, p->bias, p->activation, context->numbers[0]);
  }
}
