#include "context.h"

#define ORDER __ATOMIC_SEQ_CST

/**
 * Takes chunks until none is left. A chunk is taken by counting down one word, so that a thread that comes late
 * takes a chunk of whatever job that word belongs to, whose description was written before it.
 */
static void take_chunks(Context *context, float *scratch) {
  for (;;) {
    int left = __atomic_fetch_sub(&context->remaining, 1, ORDER);
    if (left <= 0) return;
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

void run_job(Context *context, ChunkFunction function, int chunks) {
  context->function = function;
  if (context->threads <= 1 || chunks <= 1) {
    for (int chunk = 0; chunk < chunks; chunk++) function(context, chunk, context->scratch);
    return;
  }
  __atomic_store_n(&context->done, 0, ORDER);
  __atomic_store_n(&context->remaining, chunks, ORDER);
  __atomic_fetch_add(&context->ticket, 1, ORDER);
  if (__atomic_load_n(&context->sleepers, ORDER) > 0) {
    __builtin_wasm_memory_atomic_notify(&context->ticket, chunks - 1);
  }
  take_chunks(context, context->scratch);
  wait_until_done(context, chunks);
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
  return 4 * (context->inner_block * (context->row_block + context->column_block) + 64);
}

EXPORT("context_bytes") int context_bytes(void) { return sizeof(Context); }
