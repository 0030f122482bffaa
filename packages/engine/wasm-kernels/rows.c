#include "jobs.h"

/** Copies rows of `bytes` from a table by index. @return the first place whose index is outside the table, or -1 */
EXPORT("gather_rows") int gather_rows(const char *table, const int *ids, char *out, int count, int rows, int bytes) {
  for (int place = 0; place < count; place++) {
    int row = ids[place];
    if (row < 0 || row >= rows) return place;
    __builtin_memcpy(out + place * bytes, table + row * bytes, bytes);
  }
  return -1;
}

/** Adds rows up by index, in order; those whose index is outside are left out. */
EXPORT("sum_rows") void sum_rows(const float *x, const int *ids, float *out, int count, int rows, int width) {
  __builtin_memset(out, 0, 4 * rows * width);
  for (int place = 0; place < count; place++) {
    int row = ids[place];
    if (row < 0 || row >= rows) continue;
    const float *from = x + place * width;
    float *to = out + row * width;
    for (int i = 0; i < width; i += 4) {
      store_some(to, wasm_f32x4_add(load_some(to, i, width), load_some(from, i, width)), i, width);
    }
  }
}
