// Small products of matrices that lie inside larger ones, one on each thread; TensorFlow's own need them cut out first.

#ifndef EIM_PRODUCT_H_
#define EIM_PRODUCT_H_

#include <algorithm>
#include <vector>

#include "kernels.h"

namespace eim {

// As many values as the widest vector has; compilers make two or four of it on processors that have narrower ones.
constexpr int64_t kLanes = 16;
typedef float Lanes __attribute__((vector_size(kLanes * sizeof(float))));
// Rows of a tile: their sums and one row of the right factor fill the 16 registers of AVX2.
constexpr int64_t kTileRows = 6;

// A matrix inside a larger one: how many values lie between neighbouring rows and neighbouring columns.
template <typename Value>
struct Matrix {
  Value *values;
  int64_t row, column;

  Value *At(int64_t i, int64_t j) const { return values + i * row + j * column; }
  Matrix From(int64_t i, int64_t j) const { return {At(i, j), row, column}; }
};

EIM_INLINE Lanes Load(const float *values) {
  Lanes lanes;
  std::memcpy(&lanes, values, sizeof lanes);
  return lanes;
}

EIM_INLINE float Sum(Lanes lanes) {
  float sum = 0.0f;
  for (int64_t i = 0; i < kLanes; i++) sum += lanes[i];
  return sum;
}

// `rows` rows of a product by `columns` columns, at most kLanes; `panel` has kLanes values for each inner index.
template <int64_t rows>
EIM_INLINE void Tile(Matrix<const float> left, const float *panel, Matrix<float> out, int64_t inner, int64_t columns,
                     bool add) {
  Lanes sums[rows] = {};
  for (int64_t k = 0; k < inner; k++) {
    const Lanes factor = Load(panel + k * kLanes);
    for (int64_t i = 0; i < rows; i++) sums[i] += *left.At(i, k) * factor;
  }
  for (int64_t i = 0; i < rows; i++) {
    float *target = out.At(i, 0);
    if (columns == kLanes) {
      if (add) sums[i] += Load(target);
      std::memcpy(target, &sums[i], sizeof sums[i]);
    } else {
      for (int64_t j = 0; j < columns; j++) target[j] = add ? target[j] + sums[i][j] : sums[i][j];
    }
  }
}

// out = left right, or out += left right: [rows, inner] x [inner, columns]; neighbouring columns of `out` are adjacent.
EIM_EVERY_PROCESSOR static void Product(Matrix<const float> left, Matrix<const float> right, Matrix<float> out,
                                        int64_t rows, int64_t inner, int64_t columns, bool add, float *panel) {
  for (int64_t column = 0; column < columns; column += kLanes) {
    const int64_t width = std::min(kLanes, columns - column);
    for (int64_t k = 0; k < inner; k++) {
      const float *from = right.At(k, column);
      float *to = panel + k * kLanes;
      if (width == kLanes && right.column == 1) {
        std::memcpy(to, from, kLanes * sizeof(float));
      } else {
        for (int64_t j = 0; j < kLanes; j++) to[j] = j < width ? from[j * right.column] : 0.0f;
      }
    }
    int64_t row = 0;
    for (; row + kTileRows <= rows; row += kTileRows) {
      Tile<kTileRows>(left.From(row, 0), panel, out.From(row, column), inner, width, add);
    }
    const Matrix<const float> rest = left.From(row, 0);
    const Matrix<float> target = out.From(row, column);
    switch (rows - row) {
      case 1: Tile<1>(rest, panel, target, inner, width, add); break;
      case 2: Tile<2>(rest, panel, target, inner, width, add); break;
      case 3: Tile<3>(rest, panel, target, inner, width, add); break;
      case 4: Tile<4>(rest, panel, target, inner, width, add); break;
      case 5: Tile<5>(rest, panel, target, inner, width, add); break;
    }
  }
}

// The same for so few rows that packing the right factor would take as long as the product.
EIM_EVERY_PROCESSOR static void ProductOfFewRows(Matrix<const float> left, Matrix<const float> right, Matrix<float> out,
                                                 int64_t rows, int64_t inner, int64_t columns, bool add) {
  for (int64_t i = 0; i < rows; i++) {
    float *target = out.At(i, 0);
    if (!add) std::fill(target, target + columns, 0.0f);
    if (right.column == 1) {
      for (int64_t k = 0; k < inner; k++) {
        const float factor = *left.At(i, k), *row = right.At(k, 0);
        for (int64_t j = 0; j < columns; j++) target[j] += factor * row[j];
      }
      continue;
    }
    for (int64_t j = 0; j < columns; j++) {
      const float *x = left.At(i, 0), *y = right.At(0, j);
      Lanes sums = {};
      int64_t k = 0;
      for (; k + kLanes <= inner; k += kLanes) sums += Load(x + k) * Load(y + k);
      float sum = Sum(sums);
      for (; k < inner; k++) sum += x[k] * y[k];
      target[j] += sum;
    }
  }
}

constexpr int64_t kFewRows = 3;

// Where the right factor's columns are not adjacent, the inner indices of both factors must be.
inline void Multiply(Matrix<const float> left, Matrix<const float> right, Matrix<float> out, int64_t rows,
                     int64_t inner, int64_t columns, bool add, std::vector<float> *scratch) {
  const bool dots = left.column == 1 && right.row == 1;
  if (rows <= kFewRows && (right.column == 1 || dots)) {
    ProductOfFewRows(left, right, out, rows, inner, columns, add);
    return;
  }
  if (static_cast<int64_t>(scratch->size()) < inner * kLanes) scratch->resize(inner * kLanes);
  Product(left, right, out, rows, inner, columns, add, scratch->data());
}

}  // namespace eim

#endif  // EIM_PRODUCT_H_
