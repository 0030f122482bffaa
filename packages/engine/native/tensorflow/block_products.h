// Products with the transpose of a matrix whose rows lie in blocks: see src/quantised/quantised-linear.ts.

#ifndef EIM_BLOCK_PRODUCTS_H_
#define EIM_BLOCK_PRODUCTS_H_

#include "blocks.h"

namespace eim {

#define EIM_FOR_EACH_FORMAT(use)                                                                             \
  use(kFloat16) use(kQ4_0) use(kQ4_1) use(kQ5_0) use(kQ5_1) use(kQ8_0) use(kQ4_K) use(kQ5_K) use(kQ6_K) use(kBfloat16)

// Some values of some rows, `row_bytes` apart, as floats.
struct WidenRows {
  template <typename Lanes>
  EIM_INLINE static void Run(int format, const uint8_t *from, int64_t row_bytes, int64_t rows, int64_t columns, float *out) {
    switch (format) {
#define EIM_WIDEN(kind)                                                                                                \
  case kind:                                                                                                           \
    for (int64_t row = 0; row < rows; row++) {                                                                         \
      WidenBlocks<kind, Lanes>(from + row * row_bytes, columns, out + row * columns);                                  \
    }                                                                                                                  \
    return;
      EIM_FOR_EACH_FORMAT(EIM_WIDEN)
#undef EIM_WIDEN
    }
  }
};

// Some rows times one row of activations; `sums` are those of each kLanes of them.
struct DotRows {
  template <typename Lanes>
  EIM_INLINE static void Run(int format, const uint8_t *blocks, int64_t row_bytes, int64_t rows, int64_t columns, const float *x,
                             const float *sums, float *out) {
    switch (format) {
#define EIM_DOT(kind)                                                                                                  \
  case kind:                                                                                                           \
    for (int64_t row = 0; row < rows; row++) out[row] = DotBlocks<kind, Lanes>(blocks + row * row_bytes, columns, x, sums); \
    return;
      EIM_FOR_EACH_FORMAT(EIM_DOT)
#undef EIM_DOT
    }
  }
};

// Rows of the matrix that are widened at a time for several rows of activations: they stay in the processor's nearest cache.
constexpr int64_t kNearRows = 3;

// Widened rows, one behind the other, times several rows of activations: out[i, row].
struct DotWidened {
  template <typename Lanes>
  EIM_INLINE static void Run(const float *rows, int64_t columns, const float *x, int64_t count, float *out, int64_t out_row,
                             int64_t width) {
    using Register = RegisterOf<Lanes>;
    // twelve sums, three rows and one row of activations fill the 16 registers of AVX2
    int64_t i = 0;
    for (; i + 4 <= count; i += 4) Tile<Register, 4>(rows, columns, x + i * columns, out + i * out_row, out_row, width);
    x += i * columns;
    out += i * out_row;
    switch (count - i) {
      case 1: Tile<Register, 1>(rows, columns, x, out, out_row, width); break;
      case 2: Tile<Register, 2>(rows, columns, x, out, out_row, width); break;
      case 3: Tile<Register, 3>(rows, columns, x, out, out_row, width); break;
    }
  }

 private:
  template <typename Register, int64_t count>
  EIM_INLINE static void Tile(const float *rows, int64_t columns, const float *x, float *out, int64_t out_row, int64_t width) {
    Register sums[count][kNearRows] = {};
    int64_t k = 0;
    for (; k + kCount<Register> <= columns; k += kCount<Register>) {
      Register widened[kNearRows];
      for (int64_t row = 0; row < kNearRows; row++) widened[row] = Load<Register>(rows + row * columns + k);
      for (int64_t i = 0; i < count; i++) {
        const Register given = Load<Register>(x + i * columns + k);
        for (int64_t row = 0; row < kNearRows; row++) sums[i][row] += given * widened[row];
      }
    }
    for (int64_t i = 0; i < count; i++) {
      for (int64_t row = 0; row < width; row++) {
        float sum = Sum(sums[i][row]);
        for (int64_t j = k; j < columns; j++) sum += rows[row * columns + j] * x[i * columns + j];
        out[i * out_row + row] = sum;
      }
    }
  }
};

// At most so many rows of activations are multiplied with rows of the matrix that were widened just before.
constexpr int64_t kSeveralActivations = 24;
// Rows of the matrix that are widened at a time otherwise.
constexpr int64_t kWidenedRows = 64;

class BlockKernel : public tensorflow::OpKernel {
 public:
  explicit BlockKernel(tensorflow::OpKernelConstruction *construction) : OpKernel(construction) {
    OP_REQUIRES_OK(construction, construction->GetAttr("format", &format_));
    OP_REQUIRES_OK(construction, construction->GetAttr("row_bytes", &row_bytes_));
    OP_REQUIRES_OK(construction, construction->GetAttr("first", &first_));
    OP_REQUIRES_OK(construction, construction->GetAttr("rows", &rows_));
    OP_REQUIRES_OK(construction, construction->GetAttr("columns", &columns_));
  }

 protected:
  // The first row that counts; null after the context has been told that the blocks end before the last.
  const uint8_t *Blocks(tensorflow::OpKernelContext *context) const {
    const tensorflow::Tensor &blocks = context->input(1);
    if ((first_ + rows_) * row_bytes_ > 4 * blocks.NumElements()) {
      context->CtxFailure(absl::InvalidArgumentError("there are fewer blocks than rows"));
      return nullptr;
    }
    return reinterpret_cast<const uint8_t *>(Values(blocks)) + first_ * row_bytes_;
  }

  int64_t format_, row_bytes_, first_, rows_, columns_;
};

// Rows of a matrix in blocks.
struct BlockMatrix {
  const uint8_t *blocks;
  int64_t format, row_bytes, rows, columns;
};

inline void Widen(const BlockMatrix &w, int64_t first, int64_t rows, float *out) {
  OnThisProcessor<WidenRows>(static_cast<int>(w.format), w.blocks + first * w.row_bytes, w.row_bytes, rows, w.columns, out);
}

// Of each kLanes activations, as far as they are whole.
inline std::vector<float> Sums(const float *x, int64_t count, int64_t columns) {
  const int64_t each = columns / kLanes;
  std::vector<float> sums(count * each);
  for (int64_t i = 0; i < count; i++) {
    for (int64_t j = 0; j < each; j++) sums[i * each + j] = Sum(Load<Lanes128>(x + i * columns + j * kLanes));
  }
  return sums;
}

// out = x W^T, x [count, columns]; rows of `out` begin `out_row` values apart. `threads` is PoolThreads or a Team.
template <typename Threads>
void MultiplyBlocks(Threads &threads, const BlockMatrix &w, const float *x, int64_t count, float *out, int64_t out_row) {
  if (count == 1) {
    const std::vector<float> sums = Sums(x, count, w.columns);
    threads(w.rows, w.columns, [&](int64_t from, int64_t to) {
      OnThisProcessor<DotRows>(static_cast<int>(w.format), w.blocks + from * w.row_bytes, w.row_bytes, to - from, w.columns, x, sums.data(),
                               out + from);
    });
    return;
  }
  if (count <= kSeveralActivations) {
    threads((w.rows + kNearRows - 1) / kNearRows, count * w.columns / 2, [&](int64_t from, int64_t to) {
      std::vector<float> widened(kNearRows * w.columns);
      const int64_t end = std::min(w.rows, to * kNearRows);
      for (int64_t first = from * kNearRows; first < end; first += kNearRows) {
        const int64_t width = std::min(kNearRows, end - first);
        Widen(w, first, width, widened.data());
        OnThisProcessor<DotWidened>(static_cast<const float *>(widened.data()), w.columns, x, count, out + first, out_row, width);
      }
    });
    return;
  }
  threads((w.rows + kLanes - 1) / kLanes, count * w.columns, [&](int64_t from, int64_t to) {
    std::vector<float> widened(kWidenedRows * w.columns), scratch;
    const int64_t end = std::min(w.rows, to * kLanes);
    for (int64_t first = from * kLanes; first < end; first += kWidenedRows) {
      const int64_t width = std::min(kWidenedRows, end - first);
      Widen(w, first, width, widened.data());
      const Matrix<const float> left = {x, w.columns, 1}, right = {widened.data(), 1, w.columns};
      Multiply(left, right, {out + first, out_row, 1}, count, w.columns, width, false, &scratch);
    }
  });
}

// A product by one of the ways to multiply, MultiplyBlocks or MultiplyFast of PoolThreads.
template <auto Product>
class BlockProductKernel : public BlockKernel {
 public:
  using BlockKernel::BlockKernel;

  void Compute(tensorflow::OpKernelContext *context) override {
    const int64_t count = context->input(0).dim_size(0);
    const uint8_t *blocks = Blocks(context);
    float *out = blocks == nullptr ? nullptr : Output(context, 0, {count, rows_});
    if (out == nullptr || count == 0) return;
    PoolThreads threads(context);
    Product(threads, {blocks, format_, row_bytes_, rows_, columns_}, Values(context->input(0)), count, out, rows_);
  }
};

class BlockProductGradientKernel : public BlockKernel {
 public:
  using BlockKernel::BlockKernel;

  void Compute(tensorflow::OpKernelContext *context) override {
    const int64_t count = context->input(0).dim_size(0);
    const uint8_t *blocks = Blocks(context);
    float *out = blocks == nullptr ? nullptr : Output(context, 0, {count, columns_});
    if (out == nullptr || count == 0) return;
    const float *dy = Values(context->input(0));
    const int64_t elements = BlockElements(format_), slab = std::max<int64_t>(64, elements);
    const int64_t slabs = (columns_ + slab - 1) / slab;
    InParallel(context, slabs, count * rows_ * slab / kLanes, [&](int64_t from, int64_t to) {
      std::vector<float> widened(kWidenedRows * slab), scratch;
      for (int64_t index = from; index < to; index++) {
        const int64_t column = index * slab, width = std::min(slab, columns_ - column);
        const uint8_t *start = blocks + column / elements * BlockBytes(format_);
        for (int64_t row = 0; row < rows_; row += kWidenedRows) {
          const int64_t depth = std::min(kWidenedRows, rows_ - row);
          OnThisProcessor<WidenRows>(static_cast<int>(format_), start + row * row_bytes_, row_bytes_, depth, width, widened.data());
          const Matrix<const float> left = {dy + row, rows_, 1}, right = {widened.data(), width, 1};
          Multiply(left, right, {out + column, columns_, 1}, count, depth, width, row > 0, &scratch);
        }
      }
    });
  }
};

class BlockRowsKernel : public BlockKernel {
 public:
  using BlockKernel::BlockKernel;

  void Compute(tensorflow::OpKernelContext *context) override {
    const tensorflow::Tensor &ids = context->input(0);
    tensorflow::TensorShape shape = ids.shape();
    shape.AddDim(columns_);
    const uint8_t *blocks = Blocks(context);
    float *out = blocks == nullptr ? nullptr : Output(context, 0, shape);
    if (out == nullptr) return;
    const int32_t *rows = ids.flat<int32_t>().data();
    for (int64_t i = 0; i < ids.NumElements(); i++) {
      if (rows[i] < 0 || rows[i] >= rows_) {
        context->CtxFailure(absl::InvalidArgumentError("an index is outside the table"));
        return;
      }
    }
    InParallel(context, ids.NumElements(), columns_, [&](int64_t from, int64_t to) {
      for (int64_t i = from; i < to; i++) {
        OnThisProcessor<WidenRows>(static_cast<int>(format_), blocks + rows[i] * row_bytes_, row_bytes_, int64_t{1}, columns_, out + i * columns_);
      }
    });
  }
};

}  // namespace eim

#endif  // EIM_BLOCK_PRODUCTS_H_
