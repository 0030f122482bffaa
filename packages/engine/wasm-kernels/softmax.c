#include "exponential.h"
#include "jobs.h"

/*
 * Softmax over the rows of `[batch, heads, queries, keys]`, after scaling and adding a bias that is broadcast over
 * any of the first three axes, and over the keys where `key_step` is 0.
 */
typedef struct {
  const float *x, *bias;
  float *out;
  int rows, columns;
  int heads, queries;
  int batch_step, head_step, query_step, key_step; /* of the bias, in values */
} Softmax;

_Static_assert(sizeof(Softmax) <= sizeof(((Context *)0)->words), "a softmax fits into the words of a job");

INLINE float largest_lane(v128_t v) {
  v128_t halves = wasm_f32x4_max(v, wasm_i32x4_shuffle(v, v, 2, 3, 0, 1));
  return wasm_f32x4_extract_lane(wasm_f32x4_max(halves, wasm_i32x4_shuffle(halves, halves, 1, 0, 3, 2)), 0);
}

/** Four scores from `i` on; where fewer are left, the first of them again in place of the rest. */
INLINE v128_t biased(const float *x, const float *bias, int key_step, float scale, int i, int columns) {
  v128_t value = wasm_f32x4_mul(load_some(x, i, columns), splat(scale));
  if (bias) value = wasm_f32x4_add(value, key_step ? load_some(bias, i, columns) : splat(bias[0]));
  return value;
}

static void softmax_chunk(const Context *context, int chunk, float *scratch) {
  (void)scratch;
  const Softmax *job = (const Softmax *)context->words;
  float scale = context->numbers[0];
  int columns = job->columns, step = rows_per_chunk(2 * columns), end = smaller(job->rows, (chunk + 1) * step);
  for (int row = chunk * step; row < end; row++) {
    const float *x = job->x + row * columns, *bias = job->bias;
    float *out = job->out + row * columns;
    if (bias) {
      int query = row % job->queries, head = row / job->queries % job->heads, batch = row / job->queries / job->heads;
      bias += batch * job->batch_step + head * job->head_step + query * job->query_step;
    }
    int whole = columns & ~3, left = columns - whole;
    v128_t peaks = splat(-__builtin_inff());
    for (int i = 0; i < whole; i += 4) {
      v128_t value = biased(x, bias, job->key_step, scale, i, columns);
      store4(out + i, value);
      peaks = wasm_f32x4_max(peaks, value);
    }
    v128_t last = splat(0);
    if (left) {
      last = biased(x, bias, job->key_step, scale, whole, columns);
      v128_t first = wasm_i32x4_shuffle(last, last, 0, 0, 0, 0);
      if (left < 2) last = wasm_i32x4_shuffle(last, first, 0, 4, 4, 4);
      if (left == 2) last = wasm_i32x4_shuffle(last, first, 0, 1, 4, 4);
      if (left == 3) last = wasm_i32x4_shuffle(last, first, 0, 1, 2, 4);
      peaks = wasm_f32x4_max(peaks, last);
    }
    v128_t peak = splat(largest_lane(peaks)), sums = splat(0);
    for (int i = 0; i < whole; i += 4) {
      v128_t value = exponential(wasm_f32x4_sub(load4(out + i), peak));
      store4(out + i, value);
      sums = wasm_f32x4_add(sums, value);
    }
    float sum = sum_lanes(sums);
    if (left) {
      store_part(out + whole, exponential(wasm_f32x4_sub(last, peak)), left);
      for (int i = whole; i < columns; i++) sum += out[i];
    }
    v128_t share = splat(1 / sum);
    for (int i = 0; i < columns; i += 4) store_some(out, wasm_f32x4_mul(load_some(out, i, columns), share), i, columns);
  }
}

static void softmax_gradient_chunk(const Context *context, int chunk, float *scratch) {
  (void)scratch;
  const Job *job = (const Job *)context->words;
  v128_t scale = splat(context->numbers[0]);
  int columns = job->columns, step = rows_per_chunk(2 * columns), end = smaller(job->rows, (chunk + 1) * step);
  for (int row = chunk * step; row < end; row++) {
    const float *p = job->a + row * columns, *dy = job->b + row * columns;
    float *out = job->out + row * columns;
    v128_t sums = splat(0);
    for (int i = 0; i < columns; i += 4) {
      sums = multiply_add(load_some(p, i, columns), load_some(dy, i, columns), sums);
    }
    v128_t sum = splat(sum_lanes(sums));
    for (int i = 0; i < columns; i += 4) {
      v128_t change = wasm_f32x4_mul(load_some(p, i, columns), wasm_f32x4_sub(load_some(dy, i, columns), sum));
      store_some(out, wasm_f32x4_mul(change, scale), i, columns);
    }
  }
}

/** `out = softmax(scale x + bias)` over rows of `columns` values; x and out may be the same, bias null. */
EXPORT("softmax") void softmax(Context *context, const float *x, const float *bias, float *out, int rows, int columns,
                               int heads, int queries, int batch_step, int head_step, int query_step, int key_step,
                               float scale) {
  *(Softmax *)context->words = (Softmax){x, bias, out, rows, columns, heads, queries,
                                         batch_step, head_step, query_step, key_step};
  context->numbers[0] = scale;
  run_job(context, softmax_chunk, divide_up(rows, rows_per_chunk(2 * columns)));
}

/** Its gradient by x, from the probabilities; dy and out may be the same. */
EXPORT("softmax_gradient") void softmax_gradient(Context *context, const float *p, const float *dy, float *out,
                                                 int rows, int columns, float scale) {
  *(Job *)context->words = (Job){.a = p, .b = dy, .out = out, .rows = rows, .columns = columns};
  context->numbers[0] = scale;
  run_job(context, softmax_gradient_chunk, divide_up(rows, rows_per_chunk(2 * columns)));
}
