// Products of attention, head by head where the heads lie in the rows: see src/ops/head-attention.ts.

#include "product.h"

namespace eim {

// Rows [B*T, H*d] and [B*S, G*d], and weights [B, H, T, S] between them.
class HeadKernel : public tensorflow::OpKernel {
 public:
  explicit HeadKernel(tensorflow::OpKernelConstruction *construction) : OpKernel(construction) {
    OP_REQUIRES_OK(construction, construction->GetAttr("batch", &batch_));
    OP_REQUIRES_OK(construction, construction->GetAttr("heads", &heads_));
    OP_REQUIRES_OK(construction, construction->GetAttr("groups", &groups_));
    OP_REQUIRES_OK(construction, construction->GetAttr("queries", &queries_));
    OP_REQUIRES_OK(construction, construction->GetAttr("keys", &keys_));
    OP_REQUIRES_OK(construction, construction->GetAttr("width", &width_));
  }

 protected:
  int64_t Shared() const { return heads_ / groups_; }
  // Of one head of one sequence.
  template <typename Value>
  Matrix<Value> QueryRows(Value *values, int64_t batch, int64_t head) const {
    return {values + (batch * queries_ * heads_ + head) * width_, heads_ * width_, 1};
  }
  template <typename Value>
  Matrix<Value> KeyRows(Value *values, int64_t batch, int64_t group) const {
    return {values + (batch * keys_ * groups_ + group) * width_, groups_ * width_, 1};
  }
  template <typename Value>
  Matrix<Value> Weights(Value *values, int64_t batch, int64_t head) const {
    return {values + (batch * heads_ + head) * queries_ * keys_, keys_, 1};
  }
  template <typename Value>
  static Matrix<Value> Transposed(Matrix<Value> matrix) {
    return {matrix.values, matrix.column, matrix.row};
  }
  // Runs `work(batch, index, scratch)` for each of `count` heads, or groups of heads, of every sequence.
  template <typename Work>
  void ForEach(tensorflow::OpKernelContext *context, int64_t count, const Work &work) const {
    const int64_t cost = heads_ / count * queries_ * keys_ * width_ / kLanes + 1;
    InParallel(context, batch_ * count, cost, [=](int64_t from, int64_t to) {
      std::vector<float> scratch;
      for (int64_t unit = from; unit < to; unit++) work(unit / count, unit % count, &scratch);
    });
  }

  int64_t batch_, heads_, groups_, queries_, keys_, width_;
};

class HeadScoresKernel : public HeadKernel {
 public:
  using HeadKernel::HeadKernel;

  void Compute(tensorflow::OpKernelContext *context) override {
    float *out = Output(context, 0, {batch_, heads_, queries_, keys_});
    if (out == nullptr) return;
    const float *x = Values(context->input(0)), *y = Values(context->input(1));
    ForEach(context, heads_, [=](int64_t batch, int64_t head, std::vector<float> *scratch) {
      Multiply(QueryRows(x, batch, head), Transposed(KeyRows(y, batch, head / Shared())), Weights(out, batch, head),
               queries_, width_, keys_, false, scratch);
    });
  }
};

class HeadMixKernel : public HeadKernel {
 public:
  using HeadKernel::HeadKernel;

  void Compute(tensorflow::OpKernelContext *context) override {
    float *out = Output(context, 0, {batch_ * queries_, heads_ * width_});
    if (out == nullptr) return;
    const float *p = Values(context->input(0)), *y = Values(context->input(1));
    ForEach(context, heads_, [=](int64_t batch, int64_t head, std::vector<float> *scratch) {
      Multiply(Weights(p, batch, head), KeyRows(y, batch, head / Shared()), QueryRows(out, batch, head), queries_,
               keys_, width_, false, scratch);
    });
  }
};

class HeadGatherKernel : public HeadKernel {
 public:
  using HeadKernel::HeadKernel;

  void Compute(tensorflow::OpKernelContext *context) override {
    float *out = Output(context, 0, {batch_ * keys_, groups_ * width_});
    if (out == nullptr) return;
    const float *p = Values(context->input(0)), *x = Values(context->input(1));
    ForEach(context, groups_, [=](int64_t batch, int64_t group, std::vector<float> *scratch) {
      const int64_t first = group * Shared();
      for (int64_t head = first; head < first + Shared(); head++) {
        Multiply(Transposed(Weights(p, batch, head)), QueryRows(x, batch, head), KeyRows(out, batch, group), keys_,
                 queries_, width_, head > first, scratch);
      }
    });
  }
};

}  // namespace eim
