#include "exponential.h"
#include "jobs.h"

/* Losses of rows against class indices; the target distribution is 1 - s on the target and s / V everywhere. */

static void cross_entropy_chunk(const Context *context, int chunk, float *scratch) {
  (void)scratch;
  const Job *job = (const Job *)context->words;
  float smoothing = context->numbers[0];
  int columns = job->columns, step = rows_per_chunk(columns), end = smaller(job->rows, (chunk + 1) * step);
  for (int row = chunk * step; row < end; row++) {
    const float *x = job->a + row * columns;
    float peak = x[0];
    int i = 0;
    if (columns >= 4) {
      v128_t peaks = load4(x);
      for (i = 4; i + 4 <= columns; i += 4) peaks = wasm_f32x4_max(peaks, load4(x + i));
      peak = wasm_f32x4_extract_lane(peaks, 0);
      float lanes[3] = {wasm_f32x4_extract_lane(peaks, 1), wasm_f32x4_extract_lane(peaks, 2),
                        wasm_f32x4_extract_lane(peaks, 3)};
      for (int lane = 0; lane < 3; lane++) peak = peak > lanes[lane] ? peak : lanes[lane];
    }
    for (; i < columns; i++) peak = x[i] > peak ? x[i] : peak;
    v128_t top = splat(peak), sums = splat(0), plain = splat(0);
    for (i = 0; i + 4 <= columns; i += 4) {
      v128_t value = load4(x + i);
      sums = wasm_f32x4_add(sums, exponential(wasm_f32x4_sub(value, top)));
      plain = wasm_f32x4_add(plain, value);
    }
    float sum = sum_lanes(sums), total = sum_lanes(plain);
    for (; i < columns; i++) {
      sum += wasm_f32x4_extract_lane(exponential(splat(x[i] - peak)), 0);
      total += x[i];
    }
    float log_sum = peak + logarithm(sum);
    job->out[row] = log_sum;
    float loss = log_sum - (1 - smoothing) * x[job->ids[row]];
    job->out2[row] = smoothing > 0 ? loss - smoothing * total / columns : loss;
  }
}

static void cross_entropy_gradient_chunk(const Context *context, int chunk, float *scratch) {
  (void)scratch;
  const Job *job = (const Job *)context->words;
  float smoothing = context->numbers[0], dy = job->d[0];
  int columns = job->columns, step = rows_per_chunk(columns), end = smaller(job->rows, (chunk + 1) * step);
  v128_t off = splat(smoothing / columns);
  for (int row = chunk * step; row < end; row++) {
    const float *x = job->a + row * columns;
    float *out = job->out + row * columns, scale = job->c[row] * dy;
    v128_t log_sum = splat(job->b[row]), factor = splat(scale);
    for (int i = 0; i < columns; i += 4) {
      v128_t p = exponential(wasm_f32x4_sub(load_some(x, i, columns), log_sum));
      store_some(out, wasm_f32x4_mul(wasm_f32x4_sub(p, off), factor), i, columns);
    }
    out[job->ids[row]] -= (1 - smoothing) * scale;
  }
}

/**
 * Each row's loss and logarithm of its summed exponentials.
 * @return the first row whose target is not a class, or -1; then nothing is computed
 */
EXPORT("cross_entropy") int cross_entropy(Context *context, const float *logits, const int *targets, float *log_sums,
                                          float *losses, int rows, int columns, float smoothing) {
  for (int row = 0; row < rows; row++) {
    if (targets[row] < 0 || targets[row] >= columns) return row;
  }
  *(Job *)context->words = (Job){.a = logits, .ids = targets, .out = log_sums, .out2 = losses, .rows = rows,
                                 .columns = columns};
  context->numbers[0] = smoothing;
  run_job(context, cross_entropy_chunk, divide_up(rows, rows_per_chunk(columns)));
  return -1;
}

/** The gradient by the logits: `share` weighs the rows, `dy` points to one value. */
EXPORT("cross_entropy_gradient") void cross_entropy_gradient(Context *context, const float *logits, const int *targets,
                                                             const float *log_sums, const float *share, const float *dy,
                                                             float *out, int rows, int columns, float smoothing) {
  *(Job *)context->words = (Job){.a = logits, .b = log_sums, .c = share, .d = dy, .ids = targets, .out = out,
                                 .rows = rows, .columns = columns};
  context->numbers[0] = smoothing;
  run_job(context, cross_entropy_gradient_chunk, divide_up(rows, rows_per_chunk(columns)));
}
