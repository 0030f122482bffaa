// What the kernels of ours have in common: see fused_kernels.cc.

#ifndef EIM_KERNELS_H_
#define EIM_KERNELS_H_

#include <cstdint>
#include <cstring>
#include <functional>

#include "tensorflow/core/framework/op.h"
#include "tensorflow/core/framework/op_kernel.h"
#include "tensorflow/core/framework/shape_inference.h"

#include "processor.h"

namespace eim {

// e^x to 2 units in the last place, in steps that compilers turn into vectors (as packages/engine/wasm-kernels/exponential.h).
EIM_INLINE float Exponential(float x) {
  x = x < -87.33654f ? -87.33654f : (x > 88.72283f ? 88.72283f : x);
  const float shift = 12582912.0f;  // 1.5 * 2^23: adding it rounds to a whole number
  const float n = (x * 1.44269504f + shift) - shift;
  const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  const int32_t half = static_cast<int32_t>(n) / 2, rest = static_cast<int32_t>(n) - half;
  const int32_t first = (half + 127) << 23, second = (rest + 127) << 23;
  float a, b;
  std::memcpy(&a, &first, sizeof a);
  std::memcpy(&b, &second, sizeof b);
  return p * a * b;
}

EIM_INLINE float Sigmoid(float x) { return 1.0f / (1.0f + Exponential(-x)); }

// Runs `work(from, to)` over all of `total` units on TensorFlow's own threads.
inline void InParallel(tensorflow::OpKernelContext *context, int64_t total, int64_t cost_of_unit,
                       const std::function<void(int64_t, int64_t)> &work) {
  if (total == 0) return;
  const auto shares = tsl::thread::ThreadPool::SchedulingParams::Adaptive(cost_of_unit);
  context->device()->tensorflow_cpu_worker_threads()->workers->ParallelFor(total, shares, work);
}

// The same as an object, for work that runs on a Team too: see team.h.
class PoolThreads {
 public:
  explicit PoolThreads(tensorflow::OpKernelContext *context) : context_(context) {}

  void operator()(int64_t total, int64_t cost_of_unit, const std::function<void(int64_t, int64_t)> &work) {
    InParallel(context_, total, cost_of_unit, work);
  }

 private:
  tensorflow::OpKernelContext *context_;
};

inline const float *Values(const tensorflow::Tensor &tensor) { return tensor.flat<float>().data(); }
inline float *Values(tensorflow::Tensor *tensor) { return tensor->flat<float>().data(); }

// A new output, or null after the context has been told why there is none.
inline float *Output(tensorflow::OpKernelContext *context, int index, const tensorflow::TensorShape &shape) {
  tensorflow::Tensor *output = nullptr;
  const absl::Status status = context->allocate_output(index, shape, &output);
  if (status.ok()) return Values(output);
  context->CtxFailure(status);
  return nullptr;
}

}  // namespace eim

#endif  // EIM_KERNELS_H_
