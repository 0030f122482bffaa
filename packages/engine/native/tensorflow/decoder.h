// One decoding step of all blocks of a LLaMA, in one operation: see src/decoding/decode-blocks.ts. A block is RMS norm, query, key and
// value in one product, rotary positions, attention over the cache, which gets the new keys and values in place, and a gated
// feed-forward network, both added to what came in.

#include <cmath>

#include "fast_products.h"

namespace eim {

// What src/decoding/decoder-words.ts writes: words, in this order. Tensors go by their places among the weights; -1 is none.
struct DecoderPart {
  int32_t blocks, first, format, row_bytes, rows;
};

struct DecoderMatrix {
  int32_t parts, bias;
  DecoderPart part[3];
};

struct DecoderBlock {
  int32_t attention_gain, feed_forward_gain, keys, values;
  DecoderMatrix query_key_value, attention_output, gate, input, output;
};

struct DecoderSizes {
  int32_t rows, size, heads, groups, width, feed_forward, slots, capacity, block_count, bias_rows;
  float epsilon, slope, cubic;
  int32_t panel_rows, positions, reserved;
};

EIM_EVERY_PROCESSOR static void NormaliseRow(const float *x, const float *gain, float *out, int64_t size, float epsilon) {
  float squares = 0.0f;
#pragma omp simd reduction(+ : squares)
  for (int64_t i = 0; i < size; i++) squares += x[i] * x[i];
  const float scale = 1.0f / std::sqrt(squares / static_cast<float>(size) + epsilon);
  for (int64_t i = 0; i < size; i++) out[i] = x[i] * scale * gain[i];
}

EIM_EVERY_PROCESSOR static void AddTo(float *x, const float *added, int64_t count) {
  for (int64_t i = 0; i < count; i++) x[i] += added[i];
}

EIM_EVERY_PROCESSOR static void GateRow(float *gate, const float *input, int64_t count, float slope, float cubic) {
  for (int64_t i = 0; i < count; i++) {
    const float x = gate[i];
    gate[i] = x * Sigmoid(slope * x * (1.0f + cubic * x * x)) * input[i];
  }
}

// Turns heads by the row's position, in place.
EIM_EVERY_PROCESSOR static void Turn(float *x, int64_t heads, int64_t width, const float *cosine, const float *sine) {
  const int64_t half = width / 2;
  for (int64_t head = 0; head < heads; head++, x += width) {
    for (int64_t i = 0; i < half; i++) {
      const float first = x[i], second = x[i + half];
      x[i] = first * cosine[i] + second * sine[i];
      x[i + half] = second * cosine[i + half] + first * sine[i + half];
    }
  }
}

// One head of one row over slots `from` to `end`, `key_width` values apart.
struct Attend {
  template <typename Lanes>
  EIM_INLINE static void Run(const float *query, const float *keys, const float *values, const float *bias, int64_t width,
                             int64_t key_width, int64_t from, int64_t end, float *scores, float *out) {
    const float scale = 1.0f / std::sqrt(static_cast<float>(width));
    for (int64_t slot = from; slot < end; slot++) {
      scores[slot] = Dot<Lanes>(query, keys + slot * key_width, width) * scale + (bias ? bias[slot] : 0.0f);
    }
    float peak = -INFINITY, sum = 0.0f;
#pragma omp simd reduction(max : peak)
    for (int64_t slot = from; slot < end; slot++) peak = scores[slot] > peak ? scores[slot] : peak;
#pragma omp simd reduction(+ : sum)
    for (int64_t slot = from; slot < end; slot++) {
      const float share = scores[slot] - peak < -87.0f ? 0.0f : Exponential(scores[slot] - peak);
      scores[slot] = share;
      sum += share;
    }
    const float part = 1.0f / sum;
    int64_t column = 0;
    for (; column + 4 * kLanes <= width; column += 4 * kLanes) {
      Mix<Lanes, 4>(scores, part, values + column, key_width, from, end, out + column);
    }
    for (; column + kLanes <= width; column += kLanes) {
      Mix<Lanes, 1>(scores, part, values + column, key_width, from, end, out + column);
    }
    for (; column < width; column++) {
      float mixed = 0.0f;
      for (int64_t slot = from; slot < end; slot++) mixed += scores[slot] * part * values[slot * key_width + column];
      out[column] = mixed;
    }
  }

 private:
  // Some columns of the values, which stay in registers over all slots.
  template <typename Lanes, int64_t count>
  EIM_INLINE static void Mix(const float *scores, float part, const float *values, int64_t key_width, int64_t from, int64_t end,
                             float *out) {
    Lanes mixed[count] = {};
    for (int64_t slot = from; slot < end; slot++) {
      const float share = scores[slot] * part;
      for (int64_t i = 0; i < count; i++) mixed[i] += Load<Lanes>(values + slot * key_width + i * kLanes) * share;
    }
    for (int64_t i = 0; i < count; i++) Store(mixed[i], out + i * kLanes);
  }
};

class DecodeBlocksKernel : public tensorflow::OpKernel {
 public:
  using OpKernel::OpKernel;

  void Compute(tensorflow::OpKernelContext *context) override {
    tensorflow::OpInputList weights;
    OP_REQUIRES_OK(context, context->input_list("weights", &weights));
    const tensorflow::Tensor &words = context->input(1);
    const auto *program = words.flat<int32_t>().data();
    const auto &sizes = *reinterpret_cast<const DecoderSizes *>(program);
    const int64_t header = sizeof(DecoderSizes) / 4 + (sizes.rows + 3) / 4 * 4;
    OP_REQUIRES(context, words.NumElements() == header + sizes.block_count * static_cast<int64_t>(sizeof(DecoderBlock) / 4),
                absl::InvalidArgumentError("EimDecodeBlocks: the words are not those of so many blocks"));
    float *hidden = Output(context, 0, context->input(0).shape());
    if (hidden == nullptr) return;
    std::memcpy(hidden, Values(context->input(0)), sizeof(float) * sizes.rows * sizes.size);
    const auto *blocks = reinterpret_cast<const DecoderBlock *>(program + header);
    Step step(context, sizes, program + sizeof(DecoderSizes) / 4, weights);
    for (int64_t block = 0; block < sizes.block_count; block++) step.Run(blocks[block], hidden);
  }

 private:
  class Step {
   public:
    Step(tensorflow::OpKernelContext *context, const DecoderSizes &sizes, const int32_t *firsts, const tensorflow::OpInputList &weights)
        : context_(context),
          sizes_(sizes),
          firsts_(firsts),
          weights_(weights),
          cosine_(Values(context->input(2))),
          sine_(Values(context->input(3))),
          bias_(sizes.bias_rows > 0 ? Values(context->input(4)) : nullptr),
          query_width_(sizes.heads * sizes.width),
          key_width_(sizes.groups * sizes.width),
          joint_width_(query_width_ + 2 * key_width_),
          normalised_(sizes.rows * sizes.size),
          added_(sizes.rows * sizes.size),
          joint_(sizes.rows * joint_width_),
          heads_(sizes.rows * query_width_),
          gate_(sizes.rows * sizes.feed_forward),
          input_(sizes.rows * sizes.feed_forward),
          positions_(std::max(1, sizes.positions)) {}

    void Run(const DecoderBlock &block, float *hidden) {
      const int64_t all = static_cast<int64_t>(sizes_.rows) * sizes_.size;
      Normalise(hidden, block.attention_gain);
      Multiply(normalised_.data(), block.query_key_value, sizes_.size, joint_width_, &joint_);
      Attention(block);
      Multiply(heads_.data(), block.attention_output, query_width_, sizes_.size, &added_);
      AddTo(hidden, added_.data(), all);
      Normalise(hidden, block.feed_forward_gain);
      Multiply(normalised_.data(), block.gate, sizes_.size, sizes_.feed_forward, &gate_);
      Multiply(normalised_.data(), block.input, sizes_.size, sizes_.feed_forward, &input_);
      GateRow(gate_.data(), input_.data(), gate_.size(), sizes_.slope, sizes_.cubic);
      Multiply(gate_.data(), block.output, sizes_.feed_forward, sizes_.size, &added_);
      AddTo(hidden, added_.data(), all);
    }

   private:
    void Normalise(const float *x, int32_t gain) {
      for (int64_t row = 0; row < sizes_.rows; row++) {
        NormaliseRow(x + row * sizes_.size, Values(weights_[gain]), normalised_.data() + row * sizes_.size, sizes_.size, sizes_.epsilon);
      }
    }

    void Multiply(const float *x, const DecoderMatrix &matrix, int64_t columns, int64_t width, std::vector<float> *out) {
      float *target = out->data();
      for (int32_t i = 0; i < matrix.parts; i++) {
        const DecoderPart &part = matrix.part[i];
        const auto *rows = reinterpret_cast<const uint8_t *>(Values(weights_[part.blocks])) + int64_t{part.first} * part.row_bytes;
        const BlockMatrix w = {rows, part.format, part.row_bytes, part.rows, columns};
        if (part.format & kFast) MultiplyFast(context_, w, x, sizes_.rows, target, width);
        else MultiplyBlocks(context_, w, x, sizes_.rows, target, width);
        target += part.rows;
      }
      if (matrix.bias < 0) return;
      for (int64_t row = 0; row < sizes_.rows; row++) AddTo(out->data() + row * width, Values(weights_[matrix.bias]), width);
    }

    // The cache is the caller's own memory: nobody else sees the slot that is filled.
    float *Cache(int32_t place) const { return const_cast<float *>(Values(weights_[place])); }

    void Attention(const DecoderBlock &block) {
      float *keys = Cache(block.keys), *values = Cache(block.values);
      for (int64_t row = 0; row < sizes_.rows; row++) {
        float *query = joint_.data() + row * joint_width_, *key = query + query_width_;
        Turn(query, sizes_.heads, sizes_.width, cosine_ + row * sizes_.width, sine_ + row * sizes_.width);
        Turn(key, sizes_.groups, sizes_.width, cosine_ + row * sizes_.width, sine_ + row * sizes_.width);
        const int64_t text = row / positions_, slot = sizes_.slots + row % positions_;
        const int64_t place = (text * sizes_.capacity + slot) * key_width_;
        std::memcpy(keys + place, key, sizeof(float) * key_width_);
        std::memcpy(values + place, key + key_width_, sizeof(float) * key_width_);
      }
      const int64_t all = sizes_.slots + positions_, units = static_cast<int64_t>(sizes_.rows) * sizes_.heads;
      InParallel(context_, units, all * sizes_.width, [&](int64_t from, int64_t to) {
        std::vector<float> scores(all);
        for (int64_t unit = from; unit < to; unit++) {
          const int64_t row = unit / sizes_.heads, head = unit % sizes_.heads, group = head / (sizes_.heads / sizes_.groups);
          const int64_t text = row / positions_, end = sizes_.slots + row % positions_ + 1;
          const int64_t place = text * sizes_.capacity * key_width_ + group * sizes_.width;
          const float *bias = bias_ ? bias_ + row % sizes_.bias_rows * all : nullptr;
          const float *query = joint_.data() + row * joint_width_ + head * sizes_.width;
          OnThisProcessor<Attend>(query, keys + place, values + place, bias, int64_t{sizes_.width}, key_width_, int64_t{firsts_[text]},
                                  end, scores.data(), heads_.data() + row * query_width_ + head * sizes_.width);
        }
      });
    }

    tensorflow::OpKernelContext *context_;
    const DecoderSizes &sizes_;
    const int32_t *firsts_;
    const tensorflow::OpInputList &weights_;
    const float *cosine_, *sine_, *bias_;
    int64_t query_width_, key_width_, joint_width_;
    std::vector<float> normalised_, added_, joint_, heads_, gate_, input_;
    const int64_t positions_;  // new ones of each text; callers that know of none have one
  };
};

}  // namespace eim
