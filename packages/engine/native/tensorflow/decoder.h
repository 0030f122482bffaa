// One decoding step of all blocks of a LLaMA, in one operation: see src/decoding/decode-blocks.ts. A block is RMS norm, query, key and
// value in one product, rotary positions, attention over the cache, which gets the new keys and values in place, and a gated
// feed-forward network, both added to what came in.

#include <cmath>

#include "fast_products.h"
#include "team.h"

namespace eim {

// What src/decoding/decoder-words.ts writes: words, in this order. Tensors go by their places among the weights; -1 is none. Between
// sizes and blocks stand, of each text, its first slot, its slots of memory and the tensor that holds them.
struct DecoderPart {
  int32_t blocks, first, format, row_bytes, rows;
};

struct DecoderMatrix {
  int32_t parts, bias;
  DecoderPart part[3];
};

struct DecoderBlock {
  int32_t attention_gain, feed_forward_gain;
  DecoderMatrix query_key_value, attention_output, gate, input, output;
};

struct DecoderSizes {
  int32_t rows, size, heads, groups, width, feed_forward, slots, block_count, bias_rows;
  float epsilon, slope, cubic;
  int32_t panel_rows, positions, texts, reserved;
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

// One head of one row over `end` slots, `key_width` values apart.
struct Attend {
  template <typename Lanes>
  EIM_INLINE static void Run(const float *query, const float *keys, const float *values, const float *bias, int64_t width,
                             int64_t key_width, int64_t end, float *scores, float *out) {
    const float scale = 1.0f / std::sqrt(static_cast<float>(width));
    for (int64_t slot = 0; slot < end; slot++) {
      scores[slot] = Dot<Lanes>(query, keys + slot * key_width, width) * scale + (bias ? bias[slot] : 0.0f);
    }
    float peak = -INFINITY, sum = 0.0f;
#pragma omp simd reduction(max : peak)
    for (int64_t slot = 0; slot < end; slot++) peak = scores[slot] > peak ? scores[slot] : peak;
#pragma omp simd reduction(+ : sum)
    for (int64_t slot = 0; slot < end; slot++) {
      const float share = scores[slot] - peak < -87.0f ? 0.0f : Exponential(scores[slot] - peak);
      scores[slot] = share;
      sum += share;
    }
    const float part = 1.0f / sum;
    int64_t column = 0;
    for (; column + 4 * kLanes <= width; column += 4 * kLanes) {
      Mix<Lanes, 4>(scores, part, values + column, key_width, end, out + column);
    }
    for (; column + kLanes <= width; column += kLanes) {
      Mix<Lanes, 1>(scores, part, values + column, key_width, end, out + column);
    }
    for (; column < width; column++) {
      float mixed = 0.0f;
      for (int64_t slot = 0; slot < end; slot++) mixed += scores[slot] * part * values[slot * key_width + column];
      out[column] = mixed;
    }
  }

 private:
  // Some columns of the values, which stay in registers over all slots.
  template <typename Lanes, int64_t count>
  EIM_INLINE static void Mix(const float *scores, float part, const float *values, int64_t key_width, int64_t end, float *out) {
    Lanes mixed[count] = {};
    for (int64_t slot = 0; slot < end; slot++) {
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
    const int64_t list = (sizes.texts + 3) / 4 * 4, header = sizeof(DecoderSizes) / 4 + 3 * list;
    OP_REQUIRES(context, words.NumElements() == header + sizes.block_count * static_cast<int64_t>(sizeof(DecoderBlock) / 4),
                absl::InvalidArgumentError("EimDecodeRows: the words are not those of so many blocks"));
    float *hidden = Output(context, 0, context->input(0).shape());
    if (hidden == nullptr) return;
    std::memcpy(hidden, Values(context->input(0)), sizeof(float) * sizes.rows * sizes.size);
    const int32_t *firsts = program + sizeof(DecoderSizes) / 4;
    const auto *blocks = reinterpret_cast<const DecoderBlock *>(program + header);
    Step step(context, sizes, {firsts, firsts + list, firsts + 2 * list}, weights);
    for (int64_t block = 0; block < sizes.block_count; block++) step.Run(block, blocks[block], hidden);
  }

 private:
  // By text: its first slot that holds a position, how many its memory has room for, and the tensor that is this memory.
  struct Texts {
    const int32_t *firsts, *capacities, *caches;
  };

  class Step {
   public:
    Step(tensorflow::OpKernelContext *context, const DecoderSizes &sizes, const Texts &texts, const tensorflow::OpInputList &weights)
        : team_(context),
          sizes_(sizes),
          texts_(texts),
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
          input_(sizes.rows * sizes.feed_forward) {}

    void Run(int64_t number, const DecoderBlock &block, float *hidden) {
      const int64_t all = static_cast<int64_t>(sizes_.rows) * sizes_.size;
      Normalise(hidden, block.attention_gain);
      Multiply(normalised_.data(), block.query_key_value, sizes_.size, joint_width_, &joint_);
      Attention(number);
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
        if (part.format & kFast) MultiplyFast(team_, w, x, sizes_.rows, target, width);
        else MultiplyBlocks(team_, w, x, sizes_.rows, target, width);
        target += part.rows;
      }
      if (matrix.bias < 0) return;
      for (int64_t row = 0; row < sizes_.rows; row++) AddTo(out->data() + row * width, Values(weights_[matrix.bias]), width);
    }

    // Keys of a block, or values, of a text: [blocks, 2, capacity, key width]. The memory is the caller's own: nobody else sees the slots
    // that are filled.
    float *Cache(int64_t text, int64_t block, int64_t which) const {
      const int64_t each = int64_t{texts_.capacities[text]} * key_width_;
      return const_cast<float *>(Values(weights_[texts_.caches[text]])) + (2 * block + which) * each;
    }

    void Attention(int64_t block) {
      const int64_t positions = sizes_.positions;
      for (int64_t row = 0; row < sizes_.rows; row++) {
        float *query = joint_.data() + row * joint_width_, *key = query + query_width_;
        Turn(query, sizes_.heads, sizes_.width, cosine_ + row * sizes_.width, sine_ + row * sizes_.width);
        Turn(key, sizes_.groups, sizes_.width, cosine_ + row * sizes_.width, sine_ + row * sizes_.width);
        const int64_t text = row / positions, slot = sizes_.slots + row % positions - texts_.firsts[text];
        std::memcpy(Cache(text, block, 0) + slot * key_width_, key, sizeof(float) * key_width_);
        std::memcpy(Cache(text, block, 1) + slot * key_width_, key + key_width_, sizeof(float) * key_width_);
      }
      const int64_t all = sizes_.slots + positions, units = static_cast<int64_t>(sizes_.rows) * sizes_.heads;
      team_(units, all * sizes_.width, [&](int64_t from, int64_t to) {
        std::vector<float> scores(all);
        for (int64_t unit = from; unit < to; unit++) {
          const int64_t row = unit / sizes_.heads, head = unit % sizes_.heads, group = head / (sizes_.heads / sizes_.groups);
          const int64_t text = row / positions, first = texts_.firsts[text], place = group * sizes_.width;
          const float *bias = bias_ ? bias_ + row % sizes_.bias_rows * all + first : nullptr;
          const float *query = joint_.data() + row * joint_width_ + head * sizes_.width;
          const float *keys = Cache(text, block, 0) + place, *values = Cache(text, block, 1) + place;
          OnThisProcessor<Attend>(query, keys, values, bias, int64_t{sizes_.width}, key_width_, sizes_.slots + row % positions + 1 - first,
                                  scores.data(), heads_.data() + row * query_width_ + head * sizes_.width);
        }
      });
    }

    Team team_;
    const DecoderSizes &sizes_;
    const Texts texts_;
    const tensorflow::OpInputList &weights_;
    const float *cosine_, *sine_, *bias_;
    int64_t query_width_, key_width_, joint_width_;
    std::vector<float> normalised_, added_, joint_, heads_, gate_, input_;
  };
};

}  // namespace eim
