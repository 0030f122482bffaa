// Softmax of scaled and biased rows, and its gradient: see src/ops/head-attention.ts and src/ops/softmax.ts.

#include <algorithm>
#include <limits>

#include "kernels.h"

namespace eim {

// out = softmax(scale x + bias) of one row; bias null, or `step` apart.
EIM_EVERY_PROCESSOR static void SoftmaxRow(const float *x, const float *bias, int64_t step, float *out, int64_t columns,
                                           float scale) {
  if (bias == nullptr) {
    for (int64_t i = 0; i < columns; i++) out[i] = scale * x[i];
  } else if (step == 1) {
    for (int64_t i = 0; i < columns; i++) out[i] = scale * x[i] + bias[i];
  } else {
    for (int64_t i = 0; i < columns; i++) out[i] = scale * x[i] + bias[0];
  }
  float peak = -std::numeric_limits<float>::infinity(), sum = 0.0f;
#pragma omp simd reduction(max : peak)
  for (int64_t i = 0; i < columns; i++) peak = out[i] > peak ? out[i] : peak;
#pragma omp simd reduction(+ : sum)
  for (int64_t i = 0; i < columns; i++) {
    // Exactly 0 where a mask forbids; Exponential() stops short of it.
    const float share = out[i] - peak < -87.0f ? 0.0f : Exponential(out[i] - peak);
    out[i] = share;
    sum += share;
  }
  const float part = 1.0f / sum;
  for (int64_t i = 0; i < columns; i++) out[i] *= part;
}

EIM_EVERY_PROCESSOR static void SoftmaxGradientRow(const float *p, const float *dy, float *out, int64_t columns,
                                                   float scale) {
  float along = 0.0f;
#pragma omp simd reduction(+ : along)
  for (int64_t i = 0; i < columns; i++) along += p[i] * dy[i];
  for (int64_t i = 0; i < columns; i++) out[i] = p[i] * (dy[i] - along) * scale;
}

class SoftmaxRows : public tensorflow::OpKernel {
 public:
  explicit SoftmaxRows(tensorflow::OpKernelConstruction *construction) : OpKernel(construction) {
    OP_REQUIRES_OK(construction, construction->GetAttr("scale", &scale_));
  }

 protected:
  static int64_t Columns(const tensorflow::Tensor &x) { return x.dim_size(x.dims() - 1); }

  float scale_;
};

class SoftmaxKernel : public SoftmaxRows {
 public:
  explicit SoftmaxKernel(tensorflow::OpKernelConstruction *construction) : SoftmaxRows(construction) {
    OP_REQUIRES_OK(construction, construction->GetAttr("biased", &biased_));
  }

  void Compute(tensorflow::OpKernelContext *context) override {
    const tensorflow::Tensor &input = context->input(0), &added = context->input(1);
    OP_REQUIRES(context, !biased_ || (input.dims() == 4 && added.dims() <= 4),
                absl::InvalidArgumentError("EimSoftmax: a bias needs x [B, H, T, S] and at most four axes"));
    float *out = Output(context, 0, input.shape());
    if (out == nullptr || input.NumElements() == 0) return;
    // Values between neighbours of the bias along each of x's axes: 0 along those that it is repeated along.
    int64_t steps[4] = {}, stride = 1;
    for (int back = 1; biased_ && back <= added.dims(); back++) {
      const int64_t size = added.dim_size(added.dims() - back);
      if (size != 1) steps[4 - back] = stride;
      stride *= size;
    }
    const int64_t columns = Columns(input), heads = biased_ ? input.dim_size(1) : 1;
    const int64_t queries = biased_ ? input.dim_size(2) : 1, batch_step = steps[0], head_step = steps[1];
    const int64_t query_step = steps[2], key_step = steps[3];
    const float *x = Values(input), *bias = biased_ ? Values(added) : nullptr;
    InParallel(context, input.NumElements() / columns, 4 * columns, [=](int64_t from, int64_t to) {
      for (int64_t row = from; row < to; row++) {
        const int64_t query = row % queries, head = row / queries % heads, batch = row / queries / heads;
        const float *own = bias ? bias + batch * batch_step + head * head_step + query * query_step : nullptr;
        SoftmaxRow(x + row * columns, own, key_step, out + row * columns, columns, scale_);
      }
    });
  }

 private:
  bool biased_;
};

class SoftmaxGradientKernel : public SoftmaxRows {
 public:
  using SoftmaxRows::SoftmaxRows;

  void Compute(tensorflow::OpKernelContext *context) override {
    const tensorflow::Tensor &input = context->input(0);
    float *out = Output(context, 0, input.shape());
    if (out == nullptr || input.NumElements() == 0) return;
    const int64_t columns = Columns(input);
    const float *p = Values(input), *dy = Values(context->input(1));
    InParallel(context, input.NumElements() / columns, 2 * columns, [=](int64_t from, int64_t to) {
      for (int64_t row = from; row < to; row++) {
        SoftmaxGradientRow(p + row * columns, dy + row * columns, out + row * columns, columns, scale_);
      }
    });
  }
};

}  // namespace eim
