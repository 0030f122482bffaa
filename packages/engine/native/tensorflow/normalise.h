// Layer norm and RMS norm of rows: see src/ops/fused-normalise.ts. Of every row its mean and 1 / deviation are kept.

#include <algorithm>
#include <cmath>

#include "kernels.h"

namespace eim {

EIM_EVERY_PROCESSOR static void Normalise(const float *x, const float *gain, const float *bias, float *out, float *mean,
                                          float *scale, int64_t rows, int64_t columns, bool centred, float epsilon) {
  for (int64_t row = 0; row < rows; row++, x += columns, out += columns) {
    float centre = 0.0f, squares = 0.0f;
    if (centred) {
#pragma omp simd reduction(+ : centre)
      for (int64_t i = 0; i < columns; i++) centre += x[i];
      centre /= columns;
      mean[row] = centre;
    }
#pragma omp simd reduction(+ : squares)
    for (int64_t i = 0; i < columns; i++) squares += (x[i] - centre) * (x[i] - centre);
    const float factor = scale[row] = 1.0f / std::sqrt(squares / columns + epsilon);
    if (bias) {
      for (int64_t i = 0; i < columns; i++) out[i] = (x[i] - centre) * factor * gain[i] + bias[i];
    } else {
      for (int64_t i = 0; i < columns; i++) out[i] = (x[i] - centre) * factor * gain[i];
    }
  }
}

EIM_EVERY_PROCESSOR static void NormaliseGradient(const float *x, const float *dy, const float *gain, const float *mean,
                                                  const float *scale, float *out, int64_t rows, int64_t columns,
                                                  bool centred) {
  for (int64_t row = 0; row < rows; row++, x += columns, dy += columns, out += columns) {
    const float centre = centred ? mean[row] : 0.0f, factor = scale[row];
    float sum = 0.0f, along = 0.0f;
#pragma omp simd reduction(+ : sum, along)
    for (int64_t i = 0; i < columns; i++) {
      const float g = dy[i] * gain[i];
      sum += g;
      along += g * (x[i] - centre) * factor;
    }
    const float level = centred ? sum / columns : 0.0f;
    along /= columns;
    for (int64_t i = 0; i < columns; i++) {
      out[i] = (dy[i] * gain[i] - level - (x[i] - centre) * factor * along) * factor;
    }
  }
}

// Columns that are summed together, in registers, and rows whose sums are added up by themselves for accuracy.
constexpr int64_t kColumns = 32, kRows = 128;

// Adds rows of dy to `out`, `width` columns of them, at most kColumns; each value times the normalised x where x is given.
EIM_EVERY_PROCESSOR static void AddRows(const float *dy, const float *x, const float *mean, const float *scale,
                                        float *out, int64_t rows, int64_t columns, int64_t width) {
  float sums[kColumns] = {};
  if (width < kColumns) {
    for (int64_t row = 0; row < rows; row++) {
      for (int64_t i = 0; i < width; i++) {
        const int64_t at = row * columns + i;
        sums[i] += x ? dy[at] * (x[at] - (mean ? mean[row] : 0.0f)) * scale[row] : dy[at];
      }
    }
  } else if (x == nullptr) {
    for (int64_t row = 0; row < rows; row++, dy += columns) {
      for (int64_t i = 0; i < kColumns; i++) sums[i] += dy[i];
    }
  } else {
    for (int64_t row = 0; row < rows; row++, dy += columns, x += columns) {
      const float centre = mean ? mean[row] : 0.0f, factor = scale[row];
      for (int64_t i = 0; i < kColumns; i++) sums[i] += dy[i] * (x[i] - centre) * factor;
    }
  }
  for (int64_t i = 0; i < width; i++) out[i] += sums[i];
}

// Attributes that all three have.
class RowKernel : public tensorflow::OpKernel {
 public:
  explicit RowKernel(tensorflow::OpKernelConstruction *construction) : OpKernel(construction) {
    OP_REQUIRES_OK(construction, construction->GetAttr("centred", &centred_));
  }

 protected:
  bool centred_;
};

class NormaliseKernel : public RowKernel {
 public:
  explicit NormaliseKernel(tensorflow::OpKernelConstruction *construction) : RowKernel(construction) {
    OP_REQUIRES_OK(construction, construction->GetAttr("epsilon", &epsilon_));
  }

  void Compute(tensorflow::OpKernelContext *context) override {
    const tensorflow::Tensor &input = context->input(0);
    const int64_t rows = input.dim_size(0), columns = input.dim_size(1);
    float *out = Output(context, 0, input.shape());
    float *mean = Output(context, 1, {centred_ ? rows : 0});
    float *scale = Output(context, 2, {rows});
    if (!context->status().ok()) return;
    const float *x = Values(input), *gain = Values(context->input(1));
    // RMS norm has no bias and hands in the gain once more.
    const float *bias = centred_ ? Values(context->input(2)) : nullptr;
    InParallel(context, rows, 3 * columns, [=](int64_t from, int64_t to) {
      Normalise(x + from * columns, gain, bias, out + from * columns, mean + from, scale + from, to - from, columns,
                centred_, epsilon_);
    });
  }

 private:
  float epsilon_;
};

class NormaliseGradientKernel : public RowKernel {
 public:
  using RowKernel::RowKernel;

  void Compute(tensorflow::OpKernelContext *context) override {
    const tensorflow::Tensor &input = context->input(0);
    const int64_t rows = input.dim_size(0), columns = input.dim_size(1);
    float *out = Output(context, 0, input.shape());
    if (out == nullptr) return;
    const float *x = Values(input), *dy = Values(context->input(1)), *gain = Values(context->input(2));
    const float *mean = Values(context->input(3)), *scale = Values(context->input(4));
    InParallel(context, rows, 4 * columns, [=](int64_t from, int64_t to) {
      NormaliseGradient(x + from * columns, dy + from * columns, gain, mean + from, scale + from, out + from * columns,
                        to - from, columns, centred_);
    });
  }
};

class ColumnSumsKernel : public RowKernel {
 public:
  explicit ColumnSumsKernel(tensorflow::OpKernelConstruction *construction) : RowKernel(construction) {
    OP_REQUIRES_OK(construction, construction->GetAttr("normalised", &normalised_));
  }

  void Compute(tensorflow::OpKernelContext *context) override {
    const tensorflow::Tensor &slopes = context->input(0);
    const int64_t rows = slopes.dim_size(0), columns = slopes.dim_size(1);
    float *out = Output(context, 0, {columns});
    if (out == nullptr) return;
    const float *dy = Values(slopes), *x = normalised_ ? Values(context->input(1)) : nullptr;
    const float *mean = normalised_ && centred_ ? Values(context->input(2)) : nullptr;
    const float *scale = Values(context->input(3));
    InParallel(context, (columns + kColumns - 1) / kColumns, rows * kColumns, [=](int64_t from, int64_t to) {
      for (int64_t first = from * kColumns; first < std::min(columns, to * kColumns); first += kColumns) {
        const int64_t width = std::min(kColumns, columns - first);
        std::fill(out + first, out + first + width, 0.0f);
        for (int64_t row = 0; row < rows; row += kRows) {
          const int64_t at = row * columns + first;
          AddRows(dy + at, x ? x + at : nullptr, mean ? mean + row : nullptr, scale + row, out + first,
                  std::min(kRows, rows - row), columns, width);
        }
      }
    });
  }

 private:
  bool normalised_;
};

}  // namespace eim
