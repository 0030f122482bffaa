#include "context.h"

#define ORDER __ATOMIC_SEQ_CST

/**
 * Takes chunks until none is left. A chunk is taken by counting down one word, so that a thread that comes late
 * takes a chunk of whatever job that word belongs to, whose description was written before it. Returns how many
 * it took.
 */
static int take_chunks(Context *context, float *scratch) {
  for (int taken = 0;; taken++) {
    int left = __atomic_fetch_sub(&context->remaining, 1, ORDER);
    if (left <= 0) return taken;
    context->function(context, left - 1, scratch);
    __atomic_fetch_add(&context->done, 1, ORDER);
    if (__atomic_load_n(&context->main_waits, ORDER)) __builtin_wasm_memory_atomic_notify(&context->done, 1);
  }
}

static void wait_until_done(Context *context, int chunks) {
  for (int spin = 0; spin < context->spins; spin++) {
    if (__atomic_load_n(&context->done, ORDER) == chunks) return;
  }
  __atomic_store_n(&context->main_waits, 1, ORDER);
  for (;;) {
    int done = __atomic_load_n(&context->done, ORDER);
    if (done == chunks) break;
    /* A worker that ended can only be seen here. */
    if (__atomic_load_n(&context->failed, ORDER)) __builtin_trap();
    __builtin_wasm_memory_atomic_wait32(&context->done, done, 10000000);
  }
  __atomic_store_n(&context->main_waits, 0, ORDER);
}

static void run_alone(const Context *context, int chunks) {
  for (int chunk = 0; chunk < chunks; chunk++) context->function(context, chunk, context->scratch);
}

/**
 * Where more threads want to run than there are cores, a worker may be put to sleep with a chunk in its hands, and
 * all wait for it. That shows in a wait that is long against the chunks. The main thread then does a number of jobs
 * alone before it tries again, and more of them every time; a job that goes well halves the number.
 */
static void learn(Context *context, double chunk_time, double waited) {
  if (waited > 2 * chunk_time + 0.05) {
    context->patience = smaller(512, larger(4, 2 * context->patience));
    context->alone = context->patience;
  } else {
    context->patience /= 2;
  }
}

void run_job(Context *context, ChunkFunction function, int chunks) {
  context->function = function;
  if (context->threads <= 1 || chunks <= 1) {
    run_alone(context, chunks);
    return;
  }
  if (context->alone > 0) {
    context->alone--;
    run_alone(context, chunks);
    return;
  }
  double start = now();
  __atomic_store_n(&context->done, 0, ORDER);
  __atomic_store_n(&context->remaining, chunks, ORDER);
  __atomic_fetch_add(&context->ticket, 1, ORDER);
  if (__atomic_load_n(&context->sleepers, ORDER) > 0) {
    __builtin_wasm_memory_atomic_notify(&context->ticket, chunks - 1);
  }
  int taken = take_chunks(context, context->scratch);
  double taken_at = now();
  wait_until_done(context, chunks);
  if (taken > 0) learn(context, (taken_at - start) / taken, now() - taken_at);
}

/** A worker's whole life: takes chunks of every job, spins for a short while, then sleeps until the next. */
EXPORT("serve") void serve(Context *context, float *scratch) {
  for (;;) {
    int seen = __atomic_load_n(&context->ticket, ORDER);
    take_chunks(context, scratch);
    int spin = 0;
    while (__atomic_load_n(&context->ticket, ORDER) == seen) {
      if (++spin < context->spins) continue;
      __atomic_fetch_add(&context->sleepers, 1, ORDER);
      __builtin_wasm_memory_atomic_wait32(&context->ticket, seen, -1);
      __atomic_fetch_sub(&context->sleepers, 1, ORDER);
    }
  }
}

/** Bytes of a thread's scratch: the packed block of each factor, and a tile. */
EXPORT("scratch_bytes") int scratch_bytes(const Context *context) {
  return 4 * (packed_values(context) + 64);
}

EXPORT("context_bytes") int context_bytes(void) { return sizeof(Context); }
