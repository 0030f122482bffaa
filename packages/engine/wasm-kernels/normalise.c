#include "jobs.h"

/* Normalisation over rows: by mean and variance (layer norm), or by the mean square alone (RMS norm). */

static void normalise_chunk(const Context *context, int chunk, float *scratch) {
  (void)scratch;
  const Job *job = (const Job *)context->words;
  int columns = job->columns, centred = job->flag;
  const float *gain = job->b, *bias = job->c;
  float epsilon = context->numbers[0];
  int step = rows_per_chunk(columns), end = smaller(job->rows, (chunk + 1) * step);
  for (int row = chunk * step; row < end; row++) {
    const float *x = job->a + row * columns;
    float *out = job->out + row * columns;
    float mean = 0;
    if (centred) {
      v128_t sum = splat(0);
      for (int i = 0; i < columns; i += 4) sum = wasm_f32x4_add(sum, load_some(x, i, columns));
      mean = sum_lanes(sum) / columns;
      job->out2[row] = mean;
    }
    v128_t centre = splat(mean), squares = splat(0);
    int i = 0;
    for (; i + 4 <= columns; i += 4) {
      v128_t value = wasm_f32x4_sub(load4(x + i), centre);
      squares = multiply_add(value, value, squares);
    }
    float total = sum_lanes(squares);
    for (; i < columns; i++) total += (x[i] - mean) * (x[i] - mean);
    float scale = 1 / __builtin_sqrtf(total / columns + epsilon);
    job->out3[row] = scale;
    v128_t factor = splat(scale);
    for (i = 0; i < columns; i += 4) {
      v128_t value = wasm_f32x4_mul(wasm_f32x4_sub(load_some(x, i, columns), centre), factor);
      value = wasm_f32x4_mul(value, load_some(gain, i, columns));
      if (bias) value = wasm_f32x4_add(value, load_some(bias, i, columns));
      store_some(out, value, i, columns);
    }
  }
}

static void normalise_gradient_chunk(const Context *context, int chunk, float *scratch) {
  (void)scratch;
  const Job *job = (const Job *)context->words;
  int columns = job->columns, centred = job->flag;
  const float *gain = job->c;
  int step = rows_per_chunk(columns), end = smaller(job->rows, (chunk + 1) * step);
  for (int row = chunk * step; row < end; row++) {
    const float *x = job->a + row * columns, *dy = job->b + row * columns;
    float *out = job->out + row * columns;
    v128_t centre = splat(centred ? job->d[row] : 0), scale = splat(job->e[row]);
    v128_t sum = splat(0), along = splat(0);
    for (int i = 0; i < columns; i += 4) {
      v128_t g = wasm_f32x4_mul(load_some(dy, i, columns), load_some(gain, i, columns)); /* 0 beyond the end */
      v128_t normalised = wasm_f32x4_mul(wasm_f32x4_sub(load_some(x, i, columns), centre), scale);
      sum = wasm_f32x4_add(sum, g);
      along = multiply_add(g, normalised, along);
    }
    v128_t mean = splat(centred ? sum_lanes(sum) / columns : 0), part = splat(sum_lanes(along) / columns);
    for (int i = 0; i < columns; i += 4) {
      v128_t g = wasm_f32x4_mul(load_some(dy, i, columns), load_some(gain, i, columns));
      v128_t normalised = wasm_f32x4_mul(wasm_f32x4_sub(load_some(x, i, columns), centre), scale);
      v128_t rest = wasm_f32x4_sub(wasm_f32x4_sub(g, mean), wasm_f32x4_mul(normalised, part));
      store_some(out, wasm_f32x4_mul(rest, scale), i, columns);
    }
  }
}

/** What a row adds to the sums of four columns: dy, times the normalised x where there is one. */
INLINE v128_t addend(const Job *job, int row, int column, int size) {
  int place = row * job->columns + column;
  v128_t dy = load_some(job->b + place, 0, size);
  if (!job->a) return dy;
  v128_t centre = splat(job->flag ? job->d[row] : 0), scale = splat(job->e[row]);
  v128_t normalised = wasm_f32x4_mul(wasm_f32x4_sub(load_some(job->a + place, 0, size), centre), scale);
  return wasm_f32x4_mul(dy, normalised);
}

/** A chunk is a cache line's columns, summed down all rows, so that the order of a sum is that of the rows. */
static void column_sum_chunk(const Context *context, int chunk, float *scratch) {
  (void)scratch;
  const Job *job = (const Job *)context->words;
  int first = chunk * CHUNK_COLUMNS, width = smaller(CHUNK_COLUMNS, job->columns - first);
  if (width == 16) {
    v128_t s0 = splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (int row = 0; row < job->rows; row++) {
      s0 = wasm_f32x4_add(s0, addend(job, row, first, 4));
      s1 = wasm_f32x4_add(s1, addend(job, row, first + 4, 4));
      s2 = wasm_f32x4_add(s2, addend(job, row, first + 8, 4));
      s3 = wasm_f32x4_add(s3, addend(job, row, first + 12, 4));
    }
    store4(job->out + first, s0);
    store4(job->out + first + 4, s1);
    store4(job->out + first + 8, s2);
    store4(job->out + first + 12, s3);
    return;
  }
  for (int i = 0; i < width; i += 4) {
    v128_t sum = splat(0);
    for (int row = 0; row < job->rows; row++) sum = wasm_f32x4_add(sum, addend(job, row, first + i, width - i));
    store_some(job->out + first, sum, i, width);
  }
}

/**
 * `out = (x - mean) scale gain + bias` row by row, with scale = 1 / sqrt(variance + epsilon). Where not `centred` the
 * mean is 0. Keeps `means` (where centred) and `scales`, `[rows]`. Bias may be null.
 */
EXPORT("normalise") void normalise(Context *context, const float *x, const float *gain, const float *bias, float *out,
                                   float *means, float *scales, int rows, int columns, int centred, float epsilon) {
  *(Job *)context->words = (Job){.a = x, .b = gain, .c = bias, .out = out, .out2 = means, .out3 = scales, .rows = rows,
                                 .columns = columns, .flag = centred};
  context->numbers[0] = epsilon;
  run_job(context, normalise_chunk, divide_up(rows, rows_per_chunk(columns)));
}

/** The gradient of `normalise` by x. */
EXPORT("normalise_gradient") void normalise_gradient(Context *context, const float *x, const float *dy,
                                                     const float *gain, const float *means, const float *scales,
                                                     float *out, int rows, int columns, int centred) {
  *(Job *)context->words = (Job){.a = x, .b = dy, .c = gain, .d = means, .e = scales, .out = out, .rows = rows,
                                 .columns = columns, .flag = centred};
  run_job(context, normalise_gradient_chunk, divide_up(rows, rows_per_chunk(columns)));
}

/** The gradient of `normalise` by its gain; with x null, by its bias: the sums of dy down the columns. */
EXPORT("column_sums") void column_sums(Context *context, const float *x, const float *dy, const float *means,
                                       const float *scales, float *out, int rows, int columns, int centred) {
  *(Job *)context->words = (Job){.a = x, .b = dy, .d = means, .e = scales, .out = out, .rows = rows,
                                 .columns = columns, .flag = centred};
  run_job(context, column_sum_chunk, divide_up(columns, CHUNK_COLUMNS));
}
