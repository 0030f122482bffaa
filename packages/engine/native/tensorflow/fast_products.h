// Products with matrices in blocks whose activations are put into bytes first (`--compute fast`): not exact, and never differentiated.

#ifndef EIM_FAST_PRODUCTS_H_
#define EIM_FAST_PRODUCTS_H_

#include <cmath>

#include "block_products.h"
#include "integer_dots.h"

namespace eim {

// Added to a format's number where activations go in bytes.
constexpr int kFast = 256;

#define EIM_FOR_EACH_FAST_FORMAT(use) use(kQ4_0) use(kQ4_1) use(kQ5_0) use(kQ5_1) use(kQ8_0) use(kQ4_K) use(kQ5_K) use(kQ6_K)

// A row of whole 32s as bytes, rounded to the nearest.
EIM_EVERY_PROCESSOR static void WriteBytes(const float *x, int64_t columns, int8_t *bytes, float *scales, float *sums) {
  constexpr float kShift = 12582912.0f;  // 1.5 * 2^23: adding it rounds to a whole number
  for (int64_t at = 0; at < columns; at += 32) {
    float peak = 0.0f;
#pragma omp simd reduction(max : peak)
    for (int64_t i = 0; i < 32; i++) peak = std::max(peak, std::abs(x[at + i]));
    const float scale = peak / 127.0f, factor = peak > 0.0f ? 127.0f / peak : 0.0f;
    int32_t whole[32];
    for (int64_t i = 0; i < 32; i++) whole[i] = static_cast<int32_t>((x[at + i] * factor + kShift) - kShift);
    for (int64_t i = 0; i < 32; i++) bytes[at + i] = static_cast<int8_t>(whole[i]);
    for (int64_t half = 0; half < 2; half++) {
      int32_t sum = 0;
#pragma omp simd reduction(+ : sum)
      for (int64_t i = 0; i < 16; i++) sum += whole[16 * half + i];
      sums[at / 16 + half] = scale * static_cast<float>(sum);
    }
    scales[at / 32] = scale;
  }
}

// The same on any processor.
struct DotAllPlain {
  template <typename Lanes>
  EIM_INLINE static void Run(int format, const uint8_t *blocks, int64_t row_bytes, int64_t rows, int64_t columns, const ByteRow *x,
                             int64_t count, float *out, int64_t out_row) {
    switch (format) {
#define EIM_DOT(kind)                                                                                                               \
  case kind:                                                                                                                        \
    for (int64_t row = 0; row < rows; row++)                                                                                        \
      for (int64_t i = 0; i < count; i++) out[i * out_row + row] = Dot<kind, Lanes>(blocks + row * row_bytes, columns, x[i]);      \
    return;
      EIM_FOR_EACH_FAST_FORMAT(EIM_DOT)
#undef EIM_DOT
    }
  }

 private:
  template <int format, typename Lanes>
  EIM_INLINE static float Dot(const uint8_t *row, int64_t columns, const ByteRow &x) {
    Lanes total = {};
    float minimums = 0.0f;
    for (int64_t at = 0; at < columns; at += BlockElements(format), row += BlockBytes(format)) {
      Walk<format, Lanes>(row, [&](int place, const Lanes &numbers, float scale, float minimum) EIM_LAMBDA {
        const Lanes bytes = FromSignedBytes<Lanes>(x.bytes + at + place);
        total += numbers * bytes * (scale * x.scales[(at + place) / 32]);
        minimums += minimum * x.sums[(at + place) / 16];
      });
    }
    return Sum(total) + minimums;
  }
};

// Some rows times activations: out[i, row].
inline void DotByteRows(int format, const uint8_t *blocks, int64_t row_bytes, int64_t rows, int64_t columns, const ByteRow *x,
                        int64_t count, float *out, int64_t out_row) {
#ifdef EIM_INTEGER_DOTS
  switch (FoundIntegerDots()) {
#define EIM_DOT_VNNI(kind) \
  case kind: return DotAllVnni<kind>(blocks, row_bytes, rows, columns, x, count, out, out_row);
#define EIM_DOT_AVX2(kind) \
  case kind: return DotAllAvx2<kind>(blocks, row_bytes, rows, columns, x, count, out, out_row);
    case IntegerDots::kVnni:
      switch (format) { EIM_FOR_EACH_FAST_FORMAT(EIM_DOT_VNNI) }
      return;
    case IntegerDots::kAvx2:
      switch (format) { EIM_FOR_EACH_FAST_FORMAT(EIM_DOT_AVX2) }
      return;
    case IntegerDots::kNone: break;
#undef EIM_DOT_VNNI
#undef EIM_DOT_AVX2
  }
#endif
  OnThisProcessor<DotAllPlain>(format, blocks, row_bytes, rows, columns, x, count, out, out_row);
}

// out = x W^T, x [count, columns] in bytes; rows of `out` begin `out_row` values apart.
template <typename Threads>
void MultiplyFast(Threads &threads, const BlockMatrix &w, const float *x, int64_t count, float *out, int64_t out_row) {
  const int64_t columns = w.columns, scale_count = columns / 32, sum_count = columns / 16;
  std::vector<int8_t> bytes(count * columns);
  std::vector<float> scales(count * scale_count), sums(count * sum_count);
  std::vector<ByteRow> rows(count);
  for (int64_t i = 0; i < count; i++) {
    WriteBytes(x + i * columns, columns, bytes.data() + i * columns, scales.data() + i * scale_count, sums.data() + i * sum_count);
    rows[i] = {bytes.data() + i * columns, scales.data() + i * scale_count, sums.data() + i * sum_count};
  }
  const int format = static_cast<int>(w.format) & ~kFast;
  threads(w.rows, count * columns / 4, [&](int64_t from, int64_t to) {
    DotByteRows(format, w.blocks + from * w.row_bytes, w.row_bytes, to - from, columns, rows.data(), count, out + from, out_row);
  });
}

}  // namespace eim

#endif  // EIM_FAST_PRODUCTS_H_
