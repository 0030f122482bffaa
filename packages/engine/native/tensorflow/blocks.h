// Weights in blocks, as GGUF files hold them (ggml-common.h); formats go by ggml's numbers, as in
// src/quantised/block-format-numbers.ts.

#ifndef EIM_BLOCKS_H_
#define EIM_BLOCKS_H_

#include "product.h"

namespace eim {

enum Format : int {
  kFloat16 = 1, kQ4_0 = 2, kQ4_1 = 3, kQ5_0 = 6, kQ5_1 = 7, kQ8_0 = 8, kQ4_K = 12, kQ5_K = 13, kQ6_K = 14, kBfloat16 = 30
};

constexpr int64_t BlockElements(int format) {
  return format == kFloat16 || format == kBfloat16 ? 32 : (format >= kQ4_K ? 256 : 32);
}

// Of plain halves, 32 are taken for a block.
constexpr int64_t BlockBytes(int format) {
  return format == kQ4_0   ? 18
         : format == kQ4_1 ? 20
         : format == kQ5_0 ? 22
         : format == kQ5_1 ? 24
         : format == kQ8_0 ? 34
         : format == kQ4_K ? 144
         : format == kQ5_K ? 176
         : format == kQ6_K ? 210
                           : 64;
}

typedef uint8_t Bytes __attribute__((vector_size(kLanes)));
typedef int32_t Integers __attribute__((vector_size(4 * kLanes)));
typedef uint16_t Shorts __attribute__((vector_size(2 * kLanes)));

template <typename Vector>
EIM_INLINE Vector LoadAs(const void *from) {
  Vector vector;
  std::memcpy(&vector, from, sizeof vector);
  return vector;
}

EIM_INLINE void Store(Lanes lanes, float *to) { std::memcpy(to, &lanes, sizeof lanes); }

EIM_INLINE Lanes ToFloats(Bytes bytes) { return __builtin_convertvector(__builtin_convertvector(bytes, Integers), Lanes); }
// By way of bytes without a sign: GCC 12 widens signed ones one by one.
EIM_INLINE Lanes SignedToFloats(Bytes bytes) { return ToFloats(bytes ^ 128) - 128.0f; }

EIM_INLINE float FromBits(uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

// A half is put together by whole numbers: TensorFlow's threads take subnormal floats for zero.
EIM_INLINE float Half(const uint8_t *at) {
  const uint32_t bits = at[0] | at[1] << 8, magnitude = bits & 0x7fff, sign = (bits & 0x8000) << 16;
  const float small = static_cast<float>(static_cast<int32_t>(magnitude)) * 0x1p-24f;
  const uint32_t special = magnitude > 0x7bff ? 0x7f800000 : 0, large = ((magnitude << 13) + 0x38000000) | special;
  const float value = magnitude < 0x400 ? small : FromBits(large);
  return sign ? -value : value;
}

EIM_INLINE Lanes Halves(const uint8_t *at) {
  const Integers bits = __builtin_convertvector(LoadAs<Shorts>(at), Integers), magnitude = bits & 0x7fff;
  const Lanes scaled = __builtin_convertvector(magnitude, Lanes) * 0x1p-24f;
  const Integers special = (magnitude > 0x7bff) & 0x7f800000, is_small = magnitude < 0x400;
  const Integers small = LoadAs<Integers>(&scaled), large = ((magnitude << 13) + 0x38000000) | special;
  const Integers whole = (small & is_small) | (large & ~is_small) | ((bits & 0x8000) << 16);
  return LoadAs<Lanes>(&whole);
}

EIM_INLINE Lanes Bfloats(const uint8_t *at) {
  const Integers whole = __builtin_convertvector(LoadAs<Shorts>(at), Integers) << 16;
  return LoadAs<Lanes>(&whole);
}

EIM_INLINE int GroupScale(const uint8_t *packed, int group) {
  return group < 4 ? packed[group] & 63 : (packed[group + 4] & 15) | ((packed[group - 4] >> 2) & 48);
}

EIM_INLINE int GroupMinimum(const uint8_t *packed, int group) {
  return group < 4 ? packed[group + 4] & 63 : (packed[group + 4] >> 4) | ((packed[group] >> 2) & 48);
}

// 16 where the bit of each of sixteen places is set.
EIM_INLINE Bytes SpreadBits(const uint8_t *bits) {
  Bytes both, places;
  for (int i = 0; i < kLanes; i++) both[i] = bits[i / 8];
  for (int i = 0; i < kLanes; i++) places[i] = static_cast<uint8_t>(1 << i % 8);
  return reinterpret_cast<Bytes>((both & places) == places) & 16;
}

// Gives a block's numbers, sixteen at a time, with what they are multiplied by and what is added: `take(place, numbers as
// floats, scale, minimum)`.
template <int format, typename Take>
EIM_INLINE void Walk(const uint8_t *block, const Take &take) {
  if constexpr (format == kFloat16 || format == kBfloat16) {
    for (int i = 0; i < 32; i += kLanes) take(i, format == kFloat16 ? Halves(block + 2 * i) : Bfloats(block + 2 * i), 1.0f, -0.0f);
  } else if constexpr (format == kQ8_0) {
    const float scale = Half(block);
    for (int i = 0; i < 32; i += kLanes) take(i, SignedToFloats(LoadAs<Bytes>(block + 2 + i)), scale, -0.0f);
  } else if constexpr (format == kQ4_0 || format == kQ4_1) {
    constexpr bool has_minimum = format == kQ4_1;
    const float scale = Half(block), minimum = has_minimum ? Half(block + 2) : -0.0f;
    const Bytes packed = LoadAs<Bytes>(block + (has_minimum ? 4 : 2));
    const Lanes middle = Lanes{} + (has_minimum ? 0.0f : 8.0f);
    take(0, ToFloats(packed & 15) - middle, scale, minimum);
    take(kLanes, ToFloats(packed >> 4) - middle, scale, minimum);
  } else if constexpr (format == kQ5_0 || format == kQ5_1) {
    constexpr bool has_minimum = format == kQ5_1;
    const float scale = Half(block), minimum = has_minimum ? Half(block + 2) : -0.0f;
    const uint8_t *bits = block + (has_minimum ? 4 : 2);
    const Bytes packed = LoadAs<Bytes>(bits + 4);
    const Lanes middle = Lanes{} + (has_minimum ? 0.0f : 16.0f);
    take(0, ToFloats((packed & 15) | SpreadBits(bits)) - middle, scale, minimum);
    take(kLanes, ToFloats((packed >> 4) | SpreadBits(bits + 2)) - middle, scale, minimum);
  } else if constexpr (format == kQ4_K || format == kQ5_K) {
    constexpr bool has_fifths = format == kQ5_K;
    const float block_scale = Half(block), block_minimum = Half(block + 2);
    const uint8_t *numbers = block + (has_fifths ? 48 : 16);
    for (int group = 0; group < 8; group++) {
      const float scale = block_scale * GroupScale(block + 4, group), minimum = block_minimum * GroupMinimum(block + 4, group);
      for (int i = 0; i < 32; i += kLanes) {
        const Bytes packed = LoadAs<Bytes>(numbers + 32 * (group / 2) + i);
        Bytes found = group % 2 ? packed >> 4 : packed & 15;
        if (has_fifths) found |= ((LoadAs<Bytes>(block + 16 + i) >> group) & 1) << 4;
        take(32 * group + i, ToFloats(found), scale, -minimum);
      }
    }
  } else {
    const uint8_t *high = block + 128, *scales = high + 64;
    const float block_scale = Half(scales + 16);
    for (int at = 0; at < 256; at += kLanes) {
      const int half = at / 128, within = at % 128;
      const Bytes packed = LoadAs<Bytes>(block + 64 * half + within % 64);
      const Bytes low = within >= 64 ? packed >> 4 : packed & 15;
      const Bytes upper = ((LoadAs<Bytes>(high + 32 * half + within % 32) >> (2 * (within / 32))) & 3) << 4;
      take(at, ToFloats(low | upper) - 32.0f, block_scale * static_cast<int8_t>(scales[at / 16]), -0.0f);
    }
  }
}

// The floats that `count` values of a row stand for, whole blocks but for what is left of plain halves.
template <int format>
EIM_INLINE void WidenBlocks(const uint8_t *from, int64_t count, float *out) {
  int64_t at = 0;
  for (; at + BlockElements(format) <= count; at += BlockElements(format), from += BlockBytes(format)) {
    Walk<format>(from, [=](int place, Lanes numbers, float scale, float minimum) {
      // the product is exact, so that it doesn't matter whether the sum is fused with it
      Store(numbers * scale + minimum, out + at + place);
    });
  }
  for (; at < count; at++, from += 2) out[at] = format == kBfloat16 ? FromBits((from[0] | from[1] << 8) << 16) : Half(from);
}

// A row times activations; `sums` has those of each sixteen of them.
template <int format>
EIM_INLINE float DotBlocks(const uint8_t *row, int64_t count, const float *x, const float *sums) {
  Lanes total = {};
  float minimums = 0.0f;
  int64_t at = 0;
  for (; at + BlockElements(format) <= count; at += BlockElements(format), row += BlockBytes(format)) {
    Walk<format>(row, [&](int place, Lanes numbers, float scale, float minimum) {
      total += numbers * Load(x + at + place) * scale;
      if (format == kQ4_1 || format == kQ5_1 || format == kQ4_K || format == kQ5_K) minimums += minimum * sums[(at + place) / kLanes];
    });
  }
  float sum = Sum(total) + minimums;
  for (; at < count; at++, row += 2) sum += x[at] * (format == kBfloat16 ? FromBits((row[0] | row[1] << 8) << 16) : Half(row));
  return sum;
}

}  // namespace eim

#endif  // EIM_BLOCKS_H_
