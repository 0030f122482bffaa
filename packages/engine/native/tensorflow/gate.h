// x sigmoid(slope (x + cubic x^3)), which is SiLU, quick GELU or GELU in its tanh form: see src/ops/fused-gate.ts.

#include "kernels.h"

namespace eim {

EIM_EVERY_PROCESSOR static void Gate(const float *x, float *out, int64_t size, float slope, float cubic) {
  for (int64_t i = 0; i < size; i++) {
    out[i] = x[i] * Sigmoid(slope * x[i] * (1.0f + cubic * x[i] * x[i]));
  }
}

EIM_EVERY_PROCESSOR static void GateGradient(const float *x, const float *dy, float *out, int64_t size, float slope,
                                             float cubic) {
  for (int64_t i = 0; i < size; i++) {
    const float square = x[i] * x[i];
    const float gate = Sigmoid(slope * x[i] * (1.0f + cubic * square));
    const float along = x[i] * slope * (1.0f + 3.0f * cubic * square);
    out[i] = dy[i] * gate * (1.0f + along * (1.0f - gate));
  }
}

class GateKernel : public tensorflow::OpKernel {
 public:
  explicit GateKernel(tensorflow::OpKernelConstruction *construction) : OpKernel(construction) {
    OP_REQUIRES_OK(construction, construction->GetAttr("slope", &slope_));
    OP_REQUIRES_OK(construction, construction->GetAttr("cubic", &cubic_));
  }

  void Compute(tensorflow::OpKernelContext *context) override {
    const tensorflow::Tensor &input = context->input(0);
    float *out = Output(context, 0, input.shape());
    if (out == nullptr) return;
    const float *x = Values(input);
    const bool backward = context->num_inputs() == 2;
    const float *dy = backward ? Values(context->input(1)) : nullptr;
    InParallel(context, input.NumElements(), backward ? 6 : 4, [=](int64_t from, int64_t to) {
      if (backward) GateGradient(x + from, dy + from, out + from, to - from, slope_, cubic_);
      else Gate(x + from, out + from, to - from, slope_, cubic_);
    });
  }

 private:
  float slope_, cubic_;
};

}  // namespace eim
