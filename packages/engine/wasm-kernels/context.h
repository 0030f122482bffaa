#pragma once
#include "simd.h"

/*
 * The module has no memory of its own: it works in the memory of the backend, and everything that it keeps lies in
 * this block, which JavaScript allocates there, zeroes and passes to every call. The fields that threads write lie on
 * cache lines of their own.
 */
typedef struct Context Context;

/** Computes one chunk of a job; `scratch` is the running thread's own. */
typedef void (*ChunkFunction)(const Context *context, int chunk, float *scratch);

struct Context {
  /* Set by JavaScript. */
  int threads;      /* that take part, this one included */
  int row_block;    /* rows of the left factor that are packed at a time: a multiple of 4 */
  int inner_block;  /* length of the packed panels; the only one that sums depend on */
  int column_block; /* columns of the right factor that are packed at a time: a multiple of 8 */
  float *scratch;   /* the main thread's: see scratch_bytes */
  int spins;        /* looks at a word before a thread sleeps on it */
  int reserved[10];

  int ticket __attribute__((aligned(64))); /* raised with every job */
  int sleepers;                            /* workers that wait for the ticket to change */
  int remaining __attribute__((aligned(64))); /* chunks that nobody has taken, 0 or less when all are */
  int done __attribute__((aligned(64)));      /* chunks that are finished */
  int main_waits;
  int failed; /* set by JavaScript where a worker ended */

  int alone __attribute__((aligned(64))); /* jobs that the main thread will yet do by itself: see threads.c */
  int patience;                           /* how many they were when it last had to */

  ChunkFunction function __attribute__((aligned(64)));
  /* What the job's function reads: integers and addresses, then numbers. */
  int words[32];
  float numbers[8];
};

_Static_assert(offsetof(Context, sleepers) == 4 * 17 && offsetof(Context, failed) == 4 * 50,
               "src/kernels/wasm/module/kernel-exports.ts knows where these lie");

/** Runs a job of `chunks` chunks on all threads and returns when every one is finished. */
void run_job(Context *context, ChunkFunction function, int chunks);

/** Values of a thread's scratch that hold the packed block of each factor. */
INLINE int packed_values(const Context *context) {
  return context->inner_block * (context->row_block + context->column_block);
}

/** Milliseconds, from JavaScript. */
__attribute__((import_module("env"), import_name("now"))) double now(void);

#define EXPORT(name) __attribute__((export_name(name)))
