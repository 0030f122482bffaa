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

// Bytes as whole numbers, as many as a register has.
template <typename Integers>
EIM_INLINE Integers LoadBytes(const uint8_t *at) {
  auto bytes = LoadAs<Vector<uint8_t, kCount<Integers>>>(at);
#ifdef EIM_WIDE_PROCESSORS
  // does nothing, but tells GCC 12 that they are in a vector register: it takes them out of memory one by one else
  if constexpr (sizeof bytes >= 8) asm("" : "+x"(bytes));
#endif
  return __builtin_convertvector(bytes, Integers);
}

// Sixteen floats from bytes: `unpack(numbers, place)` makes the values of some of them and is told where the first of them lies. Bytes
// are read as many at a time as a register has floats.
template <typename Lanes, typename Unpack>
EIM_INLINE Lanes FromBytes(const uint8_t *at, const Unpack &unpack, int place = 0) {
  if constexpr (Split<Lanes>::kIs) {
    using Half = typename Split<Lanes>::Half;
    return {FromBytes<Half>(at, unpack, place), FromBytes<Half>(at + kCount<Half>, unpack, place + kCount<Half>)};
  } else {
    return __builtin_convertvector(unpack(LoadBytes<Vector<int32_t, kCount<Lanes>>>(at), place), Lanes);
  }
}

// A sign is made of the highest bit: GCC 12 widens signed bytes one by one.
template <typename Lanes>
EIM_INLINE Lanes FromSignedBytes(const void *at) {
  return FromBytes<Lanes>(static_cast<const uint8_t *>(at), [](auto numbers, int) EIM_LAMBDA { return (numbers ^ 128) - 128; });
}

EIM_INLINE float FromBits(uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

// A half is put together by whole numbers where no instruction does it: TensorFlow's threads take subnormal floats for zero. Every
// processor with AVX2 has one, which knows subnormal halves whatever is said of floats.
template <typename Lanes>
EIM_INLINE float FromHalf(const uint8_t *at) {
  const uint32_t bits = at[0] | at[1] << 8, magnitude = bits & 0x7fff;
#ifdef EIM_WIDE_PROCESSORS
  if constexpr (sizeof(RegisterOf<Lanes>) >= 32) {
    Vector<float, 4> floats;
    asm("vcvtph2ps %1, %0" : "=x"(floats) : "x"(Vector<uint32_t, 4>{bits}));
    return floats[0];
  }
#endif
  const float small = static_cast<float>(static_cast<int32_t>(magnitude)) * 0x1p-24f;
  const uint32_t special = magnitude > 0x7bff ? 0x7f800000 : 0, large = ((magnitude << 13) + 0x38000000) | special;
  const float value = magnitude < 0x400 ? small : FromBits(large);
  return bits & 0x8000 ? -value : value;
}

EIM_INLINE float FromBfloat(const uint8_t *at) { return FromBits((at[0] | at[1] << 8) << 16); }

template <typename Lanes>
EIM_INLINE Lanes FromHalves(const uint8_t *at) {
  if constexpr (Split<Lanes>::kIs) {
    using Half = typename Split<Lanes>::Half;
    return {FromHalves<Half>(at), FromHalves<Half>(at + 2 * kCount<Half>)};
  } else {
    using Shorts = Vector<uint16_t, kCount<Lanes>>;
#ifdef EIM_WIDE_PROCESSORS
    if constexpr (sizeof(Lanes) >= 32) {
      Lanes floats;
      asm("vcvtph2ps %1, %0" : "=x"(floats) : "x"(LoadAs<Shorts>(at)));
      return floats;
    }
#endif
    using Integers = Vector<int32_t, kCount<Lanes>>;
    const Integers bits = __builtin_convertvector(LoadAs<Shorts>(at), Integers), magnitude = bits & 0x7fff;
    const Lanes scaled = __builtin_convertvector(magnitude, Lanes) * 0x1p-24f;
    const Integers special = (magnitude > 0x7bff) & 0x7f800000, is_small = magnitude < 0x400;
    const Integers small = LoadAs<Integers>(&scaled), large = ((magnitude << 13) + 0x38000000) | special;
    const Integers whole = (small & is_small) | (large & ~is_small) | ((bits & 0x8000) << 16);
    return LoadAs<Lanes>(&whole);
  }
}

template <typename Lanes>
EIM_INLINE Lanes FromBfloats(const uint8_t *at) {
  if constexpr (Split<Lanes>::kIs) {
    using Half = typename Split<Lanes>::Half;
    return {FromBfloats<Half>(at), FromBfloats<Half>(at + 2 * kCount<Half>)};
  } else {
    using Integers = Vector<int32_t, kCount<Lanes>>;
    const Integers whole = __builtin_convertvector(LoadAs<Vector<uint16_t, kCount<Lanes>>>(at), Integers) << 16;
    return LoadAs<Lanes>(&whole);
  }
}

EIM_INLINE int GroupScale(const uint8_t *packed, int group) {
  return group < 4 ? packed[group] & 63 : (packed[group + 4] & 15) | ((packed[group - 4] >> 2) & 48);
}

EIM_INLINE int GroupMinimum(const uint8_t *packed, int group) {
  return group < 4 ? packed[group + 4] & 63 : (packed[group + 4] >> 4) | ((packed[group] >> 2) & 48);
}

// 16 where the bit of each place is set; the first of `bits` is that of `place` 0.
template <typename Integers>
EIM_INLINE Integers SpreadBits(const uint8_t *bits, int place) {
  Integers masks;
  for (int i = 0; i < kCount<Integers>; i++) masks[i] = 1 << (place + i);
  return (((bits[0] | bits[1] << 8) & masks) == masks) & 16;
}

// Gives a block's numbers, sixteen at a time, with what they are multiplied by and what is added: `take(place, numbers as
// floats, scale, minimum)`.
template <int format, typename Lanes, typename Take>
EIM_INLINE void Walk(const uint8_t *block, const Take &take) {
  const auto low = [](auto numbers, int) EIM_LAMBDA { return numbers & 15; };
  const auto high = [](auto numbers, int) EIM_LAMBDA { return numbers >> 4; };
  if constexpr (format == kFloat16 || format == kBfloat16) {
    for (int i = 0; i < 32; i += kLanes) {
      take(i, format == kFloat16 ? FromHalves<Lanes>(block + 2 * i) : FromBfloats<Lanes>(block + 2 * i), 1.0f, -0.0f);
    }
  } else if constexpr (format == kQ8_0) {
    const float scale = FromHalf<Lanes>(block);
    for (int i = 0; i < 32; i += kLanes) take(i, FromSignedBytes<Lanes>(block + 2 + i), scale, -0.0f);
  } else if constexpr (format == kQ4_0 || format == kQ4_1) {
    constexpr bool has_minimum = format == kQ4_1;
    constexpr float middle = has_minimum ? 0.0f : 8.0f;
    const float scale = FromHalf<Lanes>(block), minimum = has_minimum ? FromHalf<Lanes>(block + 2) : -0.0f;
    const uint8_t *packed = block + (has_minimum ? 4 : 2);
    take(0, FromBytes<Lanes>(packed, low) - middle, scale, minimum);
    take(kLanes, FromBytes<Lanes>(packed, high) - middle, scale, minimum);
  } else if constexpr (format == kQ5_0 || format == kQ5_1) {
    constexpr bool has_minimum = format == kQ5_1;
    constexpr float middle = has_minimum ? 0.0f : 16.0f;
    const float scale = FromHalf<Lanes>(block), minimum = has_minimum ? FromHalf<Lanes>(block + 2) : -0.0f;
    const uint8_t *bits = block + (has_minimum ? 4 : 2), *packed = bits + 4;
    const auto first = [=](auto numbers, int at) EIM_LAMBDA { return (numbers & 15) | SpreadBits<decltype(numbers)>(bits, at); };
    const auto second = [=](auto numbers, int at) EIM_LAMBDA { return (numbers >> 4) | SpreadBits<decltype(numbers)>(bits + 2, at); };
    take(0, FromBytes<Lanes>(packed, first) - middle, scale, minimum);
    take(kLanes, FromBytes<Lanes>(packed, second) - middle, scale, minimum);
  } else if constexpr (format == kQ4_K || format == kQ5_K) {
    constexpr bool has_fifths = format == kQ5_K;
    const float block_scale = FromHalf<Lanes>(block), block_minimum = FromHalf<Lanes>(block + 2);
    const uint8_t *packed = block + (has_fifths ? 48 : 16);
    for (int group = 0; group < 8; group++) {
      const float scale = block_scale * GroupScale(block + 4, group), minimum = block_minimum * GroupMinimum(block + 4, group);
      for (int i = 0; i < 32; i += kLanes) {
        const auto unpack = [=](auto numbers, int place) EIM_LAMBDA {
          const auto found = group % 2 ? numbers >> 4 : numbers & 15;
          if constexpr (!has_fifths) return found;
          else return found | ((LoadBytes<decltype(numbers)>(block + 16 + i + place) >> group) & 1) << 4;
        };
        take(32 * group + i, FromBytes<Lanes>(packed + 32 * (group / 2) + i, unpack), scale, -minimum);
      }
    }
  } else {
    const uint8_t *high_bits = block + 128, *scales = high_bits + 64;
    const float block_scale = FromHalf<Lanes>(scales + 16);
    for (int at = 0; at < 256; at += kLanes) {
      const int half = at / 128, within = at % 128;
      const auto unpack = [=](auto numbers, int place) EIM_LAMBDA {
        const auto upper = (LoadBytes<decltype(numbers)>(high_bits + 32 * half + within % 32 + place) >> (2 * (within / 32))) & 3;
        return (within >= 64 ? numbers >> 4 : numbers & 15) | upper << 4;
      };
      const Lanes numbers = FromBytes<Lanes>(block + 64 * half + within % 64, unpack) - 32.0f;
      take(at, numbers, block_scale * static_cast<int8_t>(scales[at / 16]), -0.0f);
    }
  }
}

// The floats that `count` values of a row stand for, whole blocks but for what is left of plain halves.
template <int format, typename Lanes>
EIM_INLINE void WidenBlocks(const uint8_t *from, int64_t count, float *out) {
  int64_t at = 0;
  for (; at + BlockElements(format) <= count; at += BlockElements(format), from += BlockBytes(format)) {
    Walk<format, Lanes>(from, [=](int place, const Lanes &numbers, float scale, float minimum) EIM_LAMBDA {
      // the product is exact, so that it doesn't matter whether the sum is fused with it
      Store(numbers * scale + minimum, out + at + place);
    });
  }
  for (; at < count; at++, from += 2) out[at] = format == kBfloat16 ? FromBfloat(from) : FromHalf<Lanes>(from);
}

// A row times activations; `sums` has those of each sixteen of them.
template <int format, typename Lanes>
EIM_INLINE float DotBlocks(const uint8_t *row, int64_t count, const float *x, const float *sums) {
  Lanes total = {};
  float minimums[2] = {};
  int64_t at = 0;
  for (; at + BlockElements(format) <= count; at += BlockElements(format), row += BlockBytes(format)) {
    Walk<format, Lanes>(row, [&](int place, const Lanes &numbers, float scale, float minimum) EIM_LAMBDA {
      total += numbers * Load<Lanes>(x + at + place) * scale;
      if (format == kQ4_1 || format == kQ5_1 || format == kQ4_K || format == kQ5_K) {
        minimums[place / kLanes % 2] += minimum * sums[(at + place) / kLanes];
      }
    });
  }
  float sum = Sum(total) + (minimums[0] + minimums[1]);
  for (; at < count; at++, row += 2) sum += x[at] * (format == kBfloat16 ? FromBfloat(row) : FromHalf<Lanes>(row));
  return sum;
}

}  // namespace eim

#endif  // EIM_BLOCKS_H_
