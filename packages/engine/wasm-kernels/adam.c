#include "jobs.h"

static void adam_chunk(const Context *context, int chunk, float *scratch) {
  (void)scratch;
  const Job *job = (const Job *)context->words;
  const float *n = context->numbers;
  v128_t keep1 = splat(n[0]), take1 = splat(n[1]), keep2 = splat(n[2]), take2 = splat(n[3]);
  v128_t correction = splat(n[4]), epsilon = splat(n[5]), rate = splat(n[6]), decay = splat(n[7]);
  v128_t gradient_scale = splat(job->b ? job->b[0] : 1);
  int end = smaller(job->rows, (chunk + 1) * CHUNK_VALUES);
  for (int i = chunk * CHUNK_VALUES; i < end; i += 4) {
    v128_t g = wasm_f32x4_mul(load_some(job->a, i, end), gradient_scale);
    v128_t m = multiply_add(load_some(job->out2, i, end), keep1, wasm_f32x4_mul(g, take1));
    v128_t v = multiply_add(load_some(job->out3, i, end), keep2, wasm_f32x4_mul(wasm_f32x4_mul(g, g), take2));
    store_some(job->out2, m, i, end);
    store_some(job->out3, v, i, end);
    v128_t root = multiply_add(wasm_f32x4_sqrt(v), correction, epsilon);
    v128_t change = wasm_f32x4_mul(wasm_f32x4_div(m, root), rate);
    store_some(job->out, wasm_f32x4_sub(wasm_f32x4_mul(load_some(job->out, i, end), decay), change), i, end);
  }
}

/**
 * One step of AdamW in place: see ops/adam-w-step.ts. `root_correction` is 1 / sqrt(1 - beta2^t), `rate` is divided
 * by 1 - beta1^t, `decay` multiplies the parameter; `gradient_scale` points to one value or is null.
 */
EXPORT("adam_w") void adam_w(Context *context, float *parameter, const float *gradient, float *first, float *second,
                             int size, const float *gradient_scale, float beta1, float take1, float beta2, float take2,
                             float root_correction, float epsilon, float rate, float decay) {
  *(Job *)context->words = (Job){.a = gradient, .b = gradient_scale, .out = parameter, .out2 = first, .out3 = second,
                                 .rows = size};
  float *n = context->numbers;
  n[0] = beta1, n[1] = take1, n[2] = beta2, n[3] = take2;
  n[4] = root_correction, n[5] = epsilon, n[6] = rate, n[7] = decay;
  run_job(context, adam_chunk, divide_up(size, CHUNK_VALUES));
}

/** Sum of squares, in double precision, always in the same order. */
EXPORT("sum_of_squares") double sum_of_squares(const float *x, int size) {
  v128_t low = wasm_f64x2_splat(0), high = low;
  for (int i = 0; i < size; i += 4) {
    v128_t value = load_some(x, i, size), upper = wasm_i32x4_shuffle(value, value, 2, 3, 2, 3);
    v128_t a = wasm_f64x2_promote_low_f32x4(value), b = wasm_f64x2_promote_low_f32x4(upper);
    low = wasm_f64x2_add(low, wasm_f64x2_mul(a, a));
    high = wasm_f64x2_add(high, wasm_f64x2_mul(b, b));
  }
  v128_t sum = wasm_f64x2_add(low, high);
  return wasm_f64x2_extract_lane(sum, 0) + wasm_f64x2_extract_lane(sum, 1);
}
