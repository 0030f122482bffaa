// Sixteen floats, as the registers of a processor hold them: in one of AVX-512, two of AVX2, four of SSE and of NEON. Compilers keep a
// vector that is wider than a register in memory, at a tenth of the speed, so that each kind of processor has a type of its own.

#ifndef EIM_LANES_H_
#define EIM_LANES_H_

#include <cstdint>
#include <cstring>

#include "processor.h"

namespace eim {

constexpr int64_t kLanes = 16;

template <typename Value, int count>
struct VectorOf {
  typedef Value Type __attribute__((vector_size(count * sizeof(Value))));
};
// What one register holds; arithmetic on it goes value by value.
template <typename Value, int count>
using Vector = typename VectorOf<Value, count>::Type;

template <typename Part>
struct Pair {
  Part low, high;
};

using Lanes512 = Vector<float, 16>;
using Lanes256 = Pair<Vector<float, 8>>;
using Lanes128 = Pair<Pair<Vector<float, 4>>>;

template <typename Lanes>
struct Split {
  static constexpr bool kIs = false;
  using Register = Lanes;
};
template <typename Part>
struct Split<Pair<Part>> {
  static constexpr bool kIs = true;
  using Half = Part;
  using Register = typename Split<Part>::Register;
};
// One register of those that sixteen floats take.
template <typename Lanes>
using RegisterOf = typename Split<Lanes>::Register;

template <typename Lanes>
constexpr int64_t kCount = sizeof(Lanes) / sizeof(float);

template <typename Part>
EIM_INLINE Pair<Part> operator+(const Pair<Part> &a, const Pair<Part> &b) {
  return {a.low + b.low, a.high + b.high};
}
template <typename Part>
EIM_INLINE Pair<Part> operator*(const Pair<Part> &a, const Pair<Part> &b) {
  return {a.low * b.low, a.high * b.high};
}
template <typename Part>
EIM_INLINE Pair<Part> operator+(const Pair<Part> &a, float b) {
  return {a.low + b, a.high + b};
}
template <typename Part>
EIM_INLINE Pair<Part> operator-(const Pair<Part> &a, float b) {
  return {a.low - b, a.high - b};
}
template <typename Part>
EIM_INLINE Pair<Part> operator*(const Pair<Part> &a, float b) {
  return {a.low * b, a.high * b};
}
template <typename Part>
EIM_INLINE void operator+=(Pair<Part> &a, const Pair<Part> &b) {
  a.low += b.low;
  a.high += b.high;
}

template <typename Vector>
EIM_INLINE Vector LoadAs(const void *from) {
  Vector vector;
  std::memcpy(&vector, from, sizeof vector);
  return vector;
}

template <typename Lanes>
EIM_INLINE Lanes Load(const float *from) {
  if constexpr (Split<Lanes>::kIs) {
    using Half = typename Split<Lanes>::Half;
    return {Load<Half>(from), Load<Half>(from + kCount<Half>)};
  } else {
    return LoadAs<Lanes>(from);
  }
}

template <typename Lanes>
EIM_INLINE void Store(const Lanes &lanes, float *to) {
  if constexpr (Split<Lanes>::kIs) {
    Store(lanes.low, to);
    Store(lanes.high, to + kCount<Lanes> / 2);
  } else {
    std::memcpy(to, &lanes, sizeof lanes);
  }
}

// By halves, which takes the processor four steps, not fifteen that wait for one another.
template <typename Lanes>
EIM_INLINE float Sum(const Lanes &lanes) {
  if constexpr (Split<Lanes>::kIs) {
    return Sum(lanes.low + lanes.high);
  } else if constexpr (kCount<Lanes> > 4) {
    using Half = Vector<float, kCount<Lanes> / 2>;
    return Sum(LoadAs<Half>(&lanes) + LoadAs<Half>(reinterpret_cast<const float *>(&lanes) + kCount<Half>));
  } else {
    return (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]);
  }
}

template <typename Lanes>
EIM_INLINE float Dot(const float *x, const float *y, int64_t count) {
  Lanes sums = {};
  int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) sums += Load<Lanes>(x + i) * Load<Lanes>(y + i);
  float sum = Sum(sums);
  for (; i < count; i++) sum += x[i] * y[i];
  return sum;
}

}  // namespace eim

#endif  // EIM_LANES_H_
