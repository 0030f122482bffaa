// Small products of matrices that lie inside larger ones, one on each thread; TensorFlow's own need them cut out first.

#ifndef EIM_PRODUCT_H_
#define EIM_PRODUCT_H_

#include <algorithm>
#include <vector>

#include "kernels.h"
#include "on_this_processor.h"

namespace eim {

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

// `rows` rows of a product by `columns` columns, at most kLanes; `panel` has kLanes values for each inner index.
template <typename Lanes, int64_t rows>
EIM_INLINE void Tile(Matrix<const float> left, const float *panel, Matrix<float> out, int64_t inner, int64_t columns,
                     bool add) {
  Lanes sums[rows] = {};
  for (int64_t k = 0; k < inner; k++) {
    const Lanes factor = Load<Lanes>(panel + k * kLanes);
    for (int64_t i = 0; i < rows; i++) sums[i] += factor * *left.At(i, k);
  }
  for (int64_t i = 0; i < rows; i++) {
    float *target = out.At(i, 0);
    if (columns == kLanes) {
      if (add) sums[i] += Load<Lanes>(target);
      Store(sums[i], target);
    } else {
      float lanes[kLanes];
      Store(sums[i], lanes);
      for (int64_t j = 0; j < columns; j++) target[j] = add ? target[j] + lanes[j] : lanes[j];
    }
  }
}

// out = left right, or out += left right: [rows, inner] x [inner, columns]; neighbouring columns of `out` are adjacent.
struct Product {
  template <typename Lanes>
  EIM_INLINE static void Run(Matrix<const float> left, Matrix<const float> right, Matrix<float> out, int64_t rows, int64_t inner,
                             int64_t columns, bool add, float *panel) {
    for (int64_t column = 0; column < columns; column += kLanes) {
      const int64_t width = std::min(kLanes, columns - column);
      Pack<Lanes>(right.From(0, column), inner, width, panel);
      int64_t row = 0;
      for (; row + kTileRows <= rows; row += kTileRows) {
        Tile<Lanes, kTileRows>(left.From(row, 0), panel, out.From(row, column), inner, width, add);
      }
      const Matrix<const float> rest = left.From(row, 0);
      const Matrix<float> target = out.From(row, column);
      switch (rows - row) {
        case 1: Tile<Lanes, 1>(rest, panel, target, inner, width, add); break;
        case 2: Tile<Lanes, 2>(rest, panel, target, inner, width, add); break;
        case 3: Tile<Lanes, 3>(rest, panel, target, inner, width, add); break;
        case 4: Tile<Lanes, 4>(rest, panel, target, inner, width, add); break;
        case 5: Tile<Lanes, 5>(rest, panel, target, inner, width, add); break;
      }
    }
  }

 private:
  // kLanes columns of the right factor, one inner index behind the other.
  template <typename Lanes>
  EIM_INLINE static void Pack(Matrix<const float> right, int64_t inner, int64_t width, float *panel) {
    for (int64_t k = 0; k < inner; k++) {
      const float *from = right.At(k, 0);
      float *to = panel + k * kLanes;
      if (width == kLanes && right.column == 1) {
        Store(Load<Lanes>(from), to);
      } else {
        for (int64_t j = 0; j < kLanes; j++) to[j] = j < width ? from[j * right.column] : 0.0f;
      }
    }
  }
};

// The same for so few rows that packing the right factor would take as long as the product.
struct ProductOfFewRows {
  template <typename Lanes>
  EIM_INLINE static void Run(Matrix<const float> left, Matrix<const float> right, Matrix<float> out, int64_t rows, int64_t inner,
                             int64_t columns, bool add) {
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
      for (int64_t j = 0; j < columns; j++) target[j] += Dot<Lanes>(left.At(i, 0), right.At(0, j), inner);
    }
  }
};

constexpr int64_t kFewRows = 3;

// Where the right factor's columns are not adjacent, the inner indices of both factors must be.
inline void Multiply(Matrix<const float> left, Matrix<const float> right, Matrix<float> out, int64_t rows,
                     int64_t inner, int64_t columns, bool add, std::vector<float> *scratch) {
  const bool dots = left.column == 1 && right.row == 1;
  if (rows <= kFewRows && (right.column == 1 || dots)) {
    OnThisProcessor<ProductOfFewRows>(left, right, out, rows, inner, columns, add);
    return;
  }
  if (static_cast<int64_t>(scratch->size()) < inner * kLanes) scratch->resize(inner * kLanes);
  OnThisProcessor<Product>(left, right, out, rows, inner, columns, add, scratch->data());
}

}  // namespace eim

#endif  // EIM_PRODUCT_H_
