#include "exponential.h"
#include "jobs.h"

/* Both are x sigmoid(u(x)): u = slope x, or u = slope (x + cubic x^3), which is GELU in its tanh form. */

INLINE v128_t inner(v128_t x, float slope, float cubic) {
  v128_t factor = cubic == 0 ? splat(slope) : multiply_add(wasm_f32x4_mul(x, x), splat(slope * cubic), splat(slope));
  return wasm_f32x4_mul(x, factor);
}

static void gate_chunk(const Context *context, int chunk, float *scratch) {
  (void)scratch;
  const Job *job = (const Job *)context->words;
  float slope = context->numbers[0], cubic = context->numbers[1];
  int end = smaller(job->rows, (chunk + 1) * CHUNK_VALUES);
  for (int i = chunk * CHUNK_VALUES; i < end; i += 4) {
    v128_t x = load_some(job->a, i, end);
    store_some(job->out, wasm_f32x4_mul(x, sigmoid(inner(x, slope, cubic))), i, end);
  }
}

static void gate_gradient_chunk(const Context *context, int chunk, float *scratch) {
  (void)scratch;
  const Job *job = (const Job *)context->words;
  float slope = context->numbers[0], cubic = context->numbers[1];
  int end = smaller(job->rows, (chunk + 1) * CHUNK_VALUES);
  v128_t one = splat(1);
  for (int i = chunk * CHUNK_VALUES; i < end; i += 4) {
    v128_t x = load_some(job->a, i, end), dy = load_some(job->b, i, end);
    v128_t gate = sigmoid(inner(x, slope, cubic));
    /* x u'(x) */
    v128_t factor = multiply_add(wasm_f32x4_mul(x, x), splat(3 * slope * cubic), splat(slope));
    v128_t along = multiply_add(wasm_f32x4_mul(x, factor), wasm_f32x4_sub(one, gate), one);
    store_some(job->out, wasm_f32x4_mul(dy, wasm_f32x4_mul(gate, along)), i, end);
  }
}

/** `out = x sigmoid(slope (x + cubic x^3))` of `size` values. */
EXPORT("gate") void gate(Context *context, const float *x, float *out, int size, float slope, float cubic) {
  *(Job *)context->words = (Job){.a = x, .out = out, .rows = size};
  context->numbers[0] = slope;
  context->numbers[1] = cubic;
  run_job(context, gate_chunk, divide_up(size, CHUNK_VALUES));
}

/** Its gradient by x. */
EXPORT("gate_gradient") void gate_gradient(Context *context, const float *x, const float *dy, float *out, int size,
                                           float slope, float cubic) {
  *(Job *)context->words = (Job){.a = x, .b = dy, .out = out, .rows = size};
  context->numbers[0] = slope;
  context->numbers[1] = cubic;
  run_job(context, gate_gradient_chunk, divide_up(size, CHUNK_VALUES));
}
