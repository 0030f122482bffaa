#include "decoder.h"
#include "block-products.h"
#include "exponential.h"

/*
 * New positions of texts through all blocks of a LLaMA: see src/decoding/decode-blocks.ts. A block is RMS norm, query, key and value in one
 * product, rotary positions, attention over the cache, which gets the new keys and values in place, and a gated feed-forward
 * network, both added to what came in.
 */

static const DecoderStep *step_of(const Context *context) { return *(const DecoderStep *const *)context->words; }

static void run_step(Context *context, const DecoderStep *step, ChunkFunction function, int chunks) {
  *(const DecoderStep **)context->words = step;
  run_job(context, function, chunks);
}

static void normalise_row(const float *x, const float *gain, float *out, int size, float epsilon) {
  v128_t squares = splat(0);
  for (int i = 0; i < size; i += 4) squares = multiply_add(load4(x + i), load4(x + i), squares);
  v128_t scale = splat(1 / __builtin_sqrtf(sum_lanes(squares) / size + epsilon));
  for (int i = 0; i < size; i += 4) store4(out + i, wasm_f32x4_mul(wasm_f32x4_mul(load4(x + i), scale), load4(gain + i)));
}

static void normalise_rows(const DecoderSizes *sizes, const float *x, const float *gain, float *out) {
  for (int row = 0; row < sizes->rows; row++) {
    normalise_row(x + row * sizes->size, gain, out + row * sizes->size, sizes->size, sizes->epsilon);
  }
}

static void add_to(float *x, const float *added, int count) {
  for (int i = 0; i < count; i += 4) store_some(x, wasm_f32x4_add(load_some(x, i, count), load_some(added, i, count)), i, count);
}

/** `x W^T + b` of all rows. */
static void multiply(Context *context, const DecoderSizes *sizes, const float *x, const DecoderMatrix *matrix, int columns,
                     int width, float *out, float *panel) {
  float *target = out;
  for (int i = 0; i < matrix->parts; i++) {
    const DecoderPart *part = &matrix->part[i];
    BlockRows rows = {part->blocks + part->first * part->row_bytes, part->format, part->row_bytes, part->rows, columns};
    if (is_fast(context, part->format, columns)) multiply_fast(context, x, rows, target, sizes->rows, width);
    else if (sizes->rows <= FEW_ACTIVATIONS) multiply_few_rows(context, x, rows, target, sizes->rows, width);
    else multiply_by_panels(context, x, rows, target, sizes->rows, width, panel, sizes->panel_rows);
    target += part->rows;
  }
  if (!matrix->bias) return;
  for (int row = 0; row < sizes->rows; row++) add_to(out + row * width, matrix->bias, width);
}

/** Turns heads by the row's position, in place. */
static void turn(float *x, int heads, int width, const float *cosine, const float *sine) {
  int half = width / 2;
  for (int head = 0; head < heads; head++, x += width) {
    for (int i = 0; i < half; i++) {
      float first = x[i], second = x[i + half];
      x[i] = first * cosine[i] + second * sine[i];
      x[i + half] = second * cosine[i + half] + first * sine[i + half];
    }
  }
}

/** Keys of the block, or values, of a text. */
static float *cache_of(const DecoderStep *step, int text, int which) {
  int key_width = step->sizes->groups * step->sizes->width;
  return step->caches[text] + (2 * step->number + which) * step->capacities[text] * key_width;
}

/** Positions enter queries and keys; new keys and values go into the cache. */
static void fill_cache(const DecoderStep *step) {
  const DecoderSizes *sizes = step->sizes;
  int query_width = sizes->heads * sizes->width, key_width = sizes->groups * sizes->width;
  for (int row = 0; row < sizes->rows; row++) {
    float *query = step->query_key_value + row * (query_width + 2 * key_width), *key = query + query_width;
    const float *cosine = step->cosine + row * sizes->width, *sine = step->sine + row * sizes->width;
    turn(query, sizes->heads, sizes->width, cosine, sine);
    turn(key, sizes->groups, sizes->width, cosine, sine);
    int text = row / sizes->positions, slot = sizes->slots + row % sizes->positions - step->firsts[text];
    __builtin_memcpy(cache_of(step, text, 0) + slot * key_width, key, 4 * key_width);
    __builtin_memcpy(cache_of(step, text, 1) + slot * key_width, key + key_width, 4 * key_width);
  }
}

/** Scores of `end` slots, four at a time. */
static void score_slots(const float *query, const float *keys, int key_width, int width, float scale, float *scores, int end) {
  int slot = 0;
  for (; slot + 4 <= end; slot += 4) {
    const float *k0 = keys + slot * key_width, *k1 = k0 + key_width, *k2 = k1 + key_width, *k3 = k2 + key_width;
    v128_t s0 = splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (int i = 0; i < width; i += 4) {
      v128_t q = load4(query + i);
      s0 = multiply_add(q, load4(k0 + i), s0);
      s1 = multiply_add(q, load4(k1 + i), s1);
      s2 = multiply_add(q, load4(k2 + i), s2);
      s3 = multiply_add(q, load4(k3 + i), s3);
    }
    transpose4(&s0, &s1, &s2, &s3);
    store4(scores + slot, wasm_f32x4_mul(wasm_f32x4_add(wasm_f32x4_add(s0, s1), wasm_f32x4_add(s2, s3)), splat(scale)));
  }
  for (; slot < end; slot++) {
    v128_t sum = splat(0);
    for (int i = 0; i < width; i += 4) sum = multiply_add(load4(query + i), load4(keys + slot * key_width + i), sum);
    scores[slot] = sum_lanes(sum) * scale;
  }
}

/** Makes scores of `end` slots shares that add up to 1. */
static void share(float *scores, const float *bias, int end) {
  float peak = -__builtin_inff();
  for (int slot = 0; slot < end; slot++) {
    if (bias) scores[slot] += bias[slot];
    peak = scores[slot] > peak ? scores[slot] : peak;
  }
  float sum = 0;
  v128_t sums = splat(0);
  int slot = 0;
  for (; slot + 4 <= end; slot += 4) {
    v128_t value = exponential(wasm_f32x4_sub(load4(scores + slot), splat(peak)));
    store4(scores + slot, value);
    sums = wasm_f32x4_add(sums, value);
  }
  for (; slot < end; slot++) {
    scores[slot] = wasm_f32x4_extract_lane(exponential(splat(scores[slot] - peak)), 0);
    sum += scores[slot];
  }
  float part = 1 / (sum + sum_lanes(sums));
  for (slot = 0; slot < end; slot++) scores[slot] *= part;
}

/** `out`: values of `end` slots by their shares. */
static void mix(const float *shares, const float *values, int key_width, int width, float *out, int end) {
  int i = 0;
  for (; i + 16 <= width; i += 16) {
    v128_t s0 = splat(0), s1 = s0, s2 = s0, s3 = s0;
    const float *value = values + i;
    for (int slot = 0; slot < end; slot++, value += key_width) {
      v128_t p = splat_from(shares + slot);
      s0 = multiply_add(p, load4(value), s0);
      s1 = multiply_add(p, load4(value + 4), s1);
      s2 = multiply_add(p, load4(value + 8), s2);
      s3 = multiply_add(p, load4(value + 12), s3);
    }
    store4(out + i, s0);
    store4(out + i + 4, s1);
    store4(out + i + 8, s2);
    store4(out + i + 12, s3);
  }
  for (; i < width; i += 4) {
    v128_t sum = splat(0);
    for (int slot = 0; slot < end; slot++) sum = multiply_add(splat_from(shares + slot), load4(values + slot * key_width + i), sum);
    store4(out + i, sum);
  }
}

/** One head of one row, over the slots up to its own; scores lie in the thread's scratch. */
static void attention_chunk(const Context *context, int chunk, float *scores) {
  const DecoderStep *step = step_of(context);
  const DecoderSizes *sizes = step->sizes;
  int heads = sizes->heads, width = sizes->width, row = chunk / heads, head = chunk % heads;
  int text = row / sizes->positions, first = step->firsts[text], end = sizes->slots + row % sizes->positions + 1 - first;
  int query_width = heads * width, key_width = sizes->groups * width, place = head / (heads / sizes->groups) * width;
  const float *query = step->query_key_value + row * (query_width + 2 * key_width) + head * width;
  const float *bias = sizes->bias_rows ? step->bias + row % sizes->bias_rows * (sizes->slots + sizes->positions) + first : 0;
  score_slots(query, cache_of(step, text, 0) + place, key_width, width, 1 / __builtin_sqrtf(width), scores, end);
  share(scores, bias, end);
  mix(scores, cache_of(step, text, 1) + place, key_width, width, step->heads + row * query_width + head * width, end);
}

static void gate_rows(const DecoderStep *step, int count) {
  float slope = step->sizes->slope, cubic = step->sizes->cubic;
  for (int i = 0; i < count; i += 4) {
    v128_t x = load_some(step->gate, i, count);
    v128_t factor = cubic == 0 ? splat(slope) : multiply_add(wasm_f32x4_mul(x, x), splat(slope * cubic), splat(slope));
    v128_t gated = wasm_f32x4_mul(x, sigmoid(wasm_f32x4_mul(x, factor)));
    store_some(step->gate, wasm_f32x4_mul(gated, load_some(step->input, i, count)), i, count);
  }
}

/** Floats of work space that a step needs. */
EXPORT("decoder_values") int decoder_values(const DecoderSizes *sizes) {
  int query_width = sizes->heads * sizes->width, key_width = sizes->groups * sizes->width;
  int row = 2 * sizes->size + 2 * query_width + 2 * key_width + 2 * sizes->feed_forward;
  return sizes->rows * row + 4 * 8;
}

static float *take(float **work, int values) {
  float *taken = *work;
  *work += (values + 3) & ~3;
  return taken;
}

/**
 * Takes `hidden` `[rows, size]` through all blocks, in place.
 * @param texts, blocks what follows the sizes
 */
EXPORT("decode_blocks") void decode_blocks(Context *context, const DecoderSizes *sizes, const int *texts, const DecoderBlock *blocks,
                                           float *hidden, const float *cosine, const float *sine, const float *bias,
                                           float *work, float *panel) {
  int rows = sizes->rows, size = sizes->size, feed_forward = sizes->feed_forward;
  int query_width = sizes->heads * sizes->width, joint_width = query_width + 2 * sizes->groups * sizes->width;
  float *normalised = take(&work, rows * size), *added = take(&work, rows * size), *joint = take(&work, rows * joint_width);
  float *heads = take(&work, rows * query_width), *gate = take(&work, rows * feed_forward);
  float *input = take(&work, rows * feed_forward);
  int list = (sizes->texts + 3) & ~3;
  DecoderStep step = {.sizes = sizes, .firsts = texts, .capacities = texts + list, .caches = (float *const *)(texts + 2 * list),
                      .bias = bias, .cosine = cosine, .sine = sine, .query_key_value = joint, .heads = heads, .gate = gate,
                      .input = input};
  for (step.number = 0; step.number < sizes->block_count; step.number++) {
    const DecoderBlock *block = blocks + step.number;
    normalise_rows(sizes, hidden, block->attention_gain, normalised);
    multiply(context, sizes, normalised, &block->query_key_value, size, joint_width, joint, panel);
    fill_cache(&step);
    run_step(context, &step, attention_chunk, rows * sizes->heads);
    multiply(context, sizes, heads, &block->attention_output, query_width, size, added, panel);
    add_to(hidden, added, rows * size);
    normalise_rows(sizes, hidden, block->feed_forward_gain, normalised);
    multiply(context, sizes, normalised, &block->gate, size, feed_forward, gate, panel);
    multiply(context, sizes, normalised, &block->input, size, feed_forward, input, panel);
    gate_rows(&step, rows * feed_forward);
    multiply(context, sizes, gate, &block->output, feed_forward, size, added, panel);
    add_to(hidden, added, rows * size);
  }
}
