// Rows in blocks times activations in bytes, by the processor's products of bytes: AVX2, or AVX-512's VNNI. Chosen at run time.

#ifndef EIM_INTEGER_DOTS_H_
#define EIM_INTEGER_DOTS_H_

#include "blocks.h"

namespace eim {

// A row of activations in blocks of 32 signed bytes, each with a scale; `sums` are those of each 16, scaled.
struct ByteRow {
  const int8_t *bytes;
  const float *scales, *sums;
};

}  // namespace eim

#ifdef EIM_WIDE_PROCESSORS
#include <immintrin.h>

#define EIM_INTEGER_DOTS
#define EIM_VNNI __attribute__((target("avx2,fma,f16c,avx512f,avx512bw,avx512vl,avx512vnni")))

namespace eim {

// 32 numbers of a block: bytes without a sign but for Q8_0, what each half of them is multiplied by, and what is added to each.
struct Numbers {
  __m256i bytes;
  __m256 scales;
  float minimums[2];
};

EIM_AVX2 EIM_INLINE float FastHalf(const uint8_t *at) { return _cvtsh_ss(static_cast<uint16_t>(at[0] | at[1] << 8)); }

EIM_AVX2 EIM_INLINE __m256i Load32(const uint8_t *at) { return _mm256_loadu_si256(reinterpret_cast<const __m256i *>(at)); }

EIM_AVX2 EIM_INLINE __m256i Both(__m256i bytes, int mask) { return _mm256_and_si256(bytes, _mm256_set1_epi8(static_cast<char>(mask))); }

// The low halves of sixteen bytes, then the high ones.
EIM_AVX2 EIM_INLINE __m256i Nibbles(const uint8_t *at) {
  const __m128i packed = _mm_loadu_si128(reinterpret_cast<const __m128i *>(at));
  return Both(_mm256_inserti128_si256(_mm256_castsi128_si256(packed), _mm_srli_epi16(packed, 4), 1), 15);
}

// 16 where the bit of each of 32 places is set.
EIM_AVX2 EIM_INLINE __m256i FifthBits(const uint8_t *bits) {
  int32_t word;
  std::memcpy(&word, bits, sizeof word);
  const __m256i order = _mm256_setr_epi64x(0, 0x0101010101010101, 0x0202020202020202, 0x0303030303030303);
  const __m256i spread = _mm256_shuffle_epi8(_mm256_set1_epi32(word), order);
  const __m256i places = _mm256_set1_epi64x(static_cast<int64_t>(0x8040201008040201));
  return Both(_mm256_cmpeq_epi8(_mm256_and_si256(spread, places), places), 16);
}

EIM_AVX2 EIM_INLINE __m256i ShiftedRight(__m256i bytes, int bits) { return _mm256_srl_epi16(bytes, _mm_cvtsi32_si128(bits)); }

template <int format>
EIM_AVX2 EIM_INLINE Numbers Unpack(const uint8_t *block, int group) {
  Numbers found;
  float scale, minimum = 0.0f;
  if constexpr (format == kQ8_0) {
    found.bytes = Load32(block + 2);
    scale = FastHalf(block);
  } else if constexpr (format == kQ4_0) {
    found.bytes = Nibbles(block + 2);
    scale = FastHalf(block);
    minimum = -8.0f * scale;
  } else if constexpr (format == kQ4_1) {
    found.bytes = Nibbles(block + 4);
    scale = FastHalf(block);
    minimum = FastHalf(block + 2);
  } else if constexpr (format == kQ5_0) {
    found.bytes = _mm256_or_si256(Nibbles(block + 6), FifthBits(block + 2));
    scale = FastHalf(block);
    minimum = -16.0f * scale;
  } else if constexpr (format == kQ5_1) {
    found.bytes = _mm256_or_si256(Nibbles(block + 8), FifthBits(block + 4));
    scale = FastHalf(block);
    minimum = FastHalf(block + 2);
  } else if constexpr (format == kQ4_K || format == kQ5_K) {
    const __m256i packed = Load32(block + (format == kQ5_K ? 48 : 16) + 32 * (group / 2));
    found.bytes = Both(ShiftedRight(packed, group % 2 ? 4 : 0), 15);
    if constexpr (format == kQ5_K) {
      const __m256i fifth = Both(ShiftedRight(Load32(block + 16), group), 1);
      found.bytes = _mm256_or_si256(found.bytes, _mm256_slli_epi16(fifth, 4));
    }
    scale = FastHalf(block) * GroupScale(block + 4, group);
    minimum = -FastHalf(block + 2) * GroupMinimum(block + 4, group);
  } else {
    const int half = group / 4, within = group % 4;
    const uint8_t *high = block + 128, *scales = high + 64;
    const __m256i low = Both(ShiftedRight(Load32(block + 64 * half + 32 * (within % 2)), within / 2 ? 4 : 0), 15);
    const __m256i upper = Both(ShiftedRight(Load32(high + 32 * half), 2 * within), 3);
    found.bytes = _mm256_or_si256(low, _mm256_slli_epi16(upper, 4));
    const float whole = FastHalf(scales + 16);
    const float first = whole * static_cast<int8_t>(scales[2 * group]), second = whole * static_cast<int8_t>(scales[2 * group + 1]);
    found.scales = _mm256_setr_m128(_mm_set1_ps(first), _mm_set1_ps(second));
    found.minimums[0] = -32.0f * first;
    found.minimums[1] = -32.0f * second;
    return found;
  }
  found.scales = _mm256_set1_ps(scale);
  found.minimums[0] = found.minimums[1] = minimum;
  return found;
}

// Products of bytes without a sign and signed ones, four added up in each lane. None overflows: 2 * 128 * 127 fits 16 bits.
EIM_AVX2 EIM_INLINE __m256i DotsAvx2(__m256i numbers, __m256i bytes) {
  return _mm256_madd_epi16(_mm256_maddubs_epi16(numbers, bytes), _mm256_set1_epi16(1));
}

EIM_VNNI EIM_INLINE __m256i DotsVnni(__m256i numbers, __m256i bytes) {
  return _mm256_dpbusd_epi32(_mm256_setzero_si256(), numbers, bytes);
}

// The same template for each kind of processor: of one row of a matrix its products with `count` rows of activations, and of some rows
// with all of them.
#define EIM_DEFINE_INTEGER_DOTS(kind, TARGET)                                                                                  \
  template <int format, int count>                                                                                             \
  TARGET static void DotRow##kind(const uint8_t *row, int64_t columns, const ByteRow *x, float *out, int64_t out_row) {        \
    __m256 totals[count];                                                                                                      \
    float minimums[count] = {};                                                                                                \
    for (int i = 0; i < count; i++) totals[i] = _mm256_setzero_ps();                                                           \
    for (int64_t at = 0; at < columns; at += BlockElements(format), row += BlockBytes(format)) {                               \
      for (int group = 0; group < BlockElements(format) / 32; group++) {                                                       \
        const Numbers numbers = Unpack<format>(row, group);                                                                    \
        const int64_t place = at + 32 * group;                                                                                 \
        for (int i = 0; i < count; i++) {                                                                                      \
          const __m256i bytes = Load32(reinterpret_cast<const uint8_t *>(x[i].bytes + place));                                 \
          __m256i dots;                                                                                                        \
          if constexpr (format == kQ8_0) {                                                                                     \
            dots = Dots##kind(_mm256_abs_epi8(numbers.bytes), _mm256_sign_epi8(bytes, numbers.bytes));                         \
          } else {                                                                                                             \
            dots = Dots##kind(numbers.bytes, bytes);                                                                           \
            const float *sums = x[i].sums + place / 16;                                                                        \
            if constexpr (format == kQ6_K) minimums[i] += numbers.minimums[0] * sums[0] + numbers.minimums[1] * sums[1];       \
            else minimums[i] += numbers.minimums[0] * (sums[0] + sums[1]);                                                     \
          }                                                                                                                    \
          const __m256 factors = _mm256_mul_ps(numbers.scales, _mm256_set1_ps(x[i].scales[place / 32]));                       \
          totals[i] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(dots), factors, totals[i]);                                           \
        }                                                                                                                      \
      }                                                                                                                        \
    }                                                                                                                          \
    for (int i = 0; i < count; i++) {                                                                                          \
      float lanes[8], sum = minimums[i];                                                                                       \
      _mm256_storeu_ps(lanes, totals[i]);                                                                                      \
      for (const float lane : lanes) sum += lane;                                                                              \
      out[i * out_row] = sum;                                                                                                  \
    }                                                                                                                          \
  }                                                                                                                            \
  template <int format>                                                                                                        \
  TARGET static void DotAll##kind(const uint8_t *blocks, int64_t row_bytes, int64_t rows, int64_t columns, const ByteRow *x,   \
                                  int64_t count, float *out, int64_t out_row) {                                                \
    for (int64_t row = 0; row < rows; row++, blocks += row_bytes, out++) {                                                     \
      int64_t i = 0;                                                                                                           \
      for (; i + 4 <= count; i += 4) DotRow##kind<format, 4>(blocks, columns, x + i, out + i * out_row, out_row);              \
      for (; i < count; i++) DotRow##kind<format, 1>(blocks, columns, x + i, out + i * out_row, out_row);                      \
    }                                                                                                                          \
  }

EIM_DEFINE_INTEGER_DOTS(Avx2, EIM_AVX2)
EIM_DEFINE_INTEGER_DOTS(Vnni, EIM_VNNI)

enum class IntegerDots { kNone, kAvx2, kVnni };

// What this processor has.
inline IntegerDots FoundIntegerDots() {
  static const IntegerDots found = [] {
    switch (FoundProcessor()) {
      case Processor::kAvx512: return __builtin_cpu_supports("avx512vnni") ? IntegerDots::kVnni : IntegerDots::kAvx2;
      case Processor::kAvx2: return IntegerDots::kAvx2;
      case Processor::kBasic: break;
    }
    return IntegerDots::kNone;
  }();
  return found;
}

}  // namespace eim

#endif  // x86-64

#endif  // EIM_INTEGER_DOTS_H_
