// Operations of ours for TensorFlow on a processor, each in one pass over its data where TensorFlow.js' own ops take
// five to twelve. Their JavaScript side is src/kernels/native/own-kernels.ts.

#include "gate.h"
#include "heads.h"
#include "normalise.h"
#include "softmax.h"

namespace eim {

using tensorflow::shape_inference::InferenceContext;

static absl::Status LikeFirst(InferenceContext *context) {
  context->set_output(0, context->input(0));
  return absl::OkStatus();
}

static absl::Status OfNormalise(InferenceContext *context) {
  bool centred;
  TF_RETURN_IF_ERROR(context->GetAttr("centred", &centred));
  const auto rows = context->Vector(context->Dim(context->input(0), 0));
  context->set_output(0, context->input(0));
  context->set_output(1, centred ? rows : context->Vector(0));
  context->set_output(2, rows);
  return absl::OkStatus();
}

static absl::Status OneForColumn(InferenceContext *context) {
  context->set_output(0, context->Vector(context->Dim(context->input(0), 1)));
  return absl::OkStatus();
}

// The sizes of an attention, by the names of its attributes.
static absl::Status Sizes(InferenceContext *context, const std::vector<const char *> &names, std::vector<int64_t> *sizes) {
  for (const char *name : names) {
    int64_t size;
    TF_RETURN_IF_ERROR(context->GetAttr(name, &size));
    sizes->push_back(size);
  }
  return absl::OkStatus();
}

static absl::Status OfHeadScores(InferenceContext *context) {
  std::vector<int64_t> sizes;
  TF_RETURN_IF_ERROR(Sizes(context, {"batch", "heads", "queries", "keys"}, &sizes));
  const std::vector<tensorflow::shape_inference::DimensionHandle> axes = {
      context->MakeDim(sizes[0]), context->MakeDim(sizes[1]), context->MakeDim(sizes[2]), context->MakeDim(sizes[3])};
  context->set_output(0, context->MakeShape(axes));
  return absl::OkStatus();
}

// Rows of heads side by side, of sequences of a length.
static absl::Status HeadRows(InferenceContext *context, const char *length, const char *heads) {
  std::vector<int64_t> sizes;
  TF_RETURN_IF_ERROR(Sizes(context, {"batch", length, heads, "width"}, &sizes));
  context->set_output(0, context->Matrix(sizes[0] * sizes[1], sizes[2] * sizes[3]));
  return absl::OkStatus();
}

static absl::Status OfHeadMix(InferenceContext *context) { return HeadRows(context, "queries", "heads"); }

static absl::Status OfHeadGather(InferenceContext *context) { return HeadRows(context, "keys", "groups"); }

REGISTER_OP("EimGate").Input("x: float").Output("y: float").Attr("slope: float").Attr("cubic: float").SetShapeFn(LikeFirst);
REGISTER_KERNEL_BUILDER(Name("EimGate").Device(tensorflow::DEVICE_CPU), GateKernel);

REGISTER_OP("EimGateGradient")
    .Input("x: float")
    .Input("dy: float")
    .Output("dx: float")
    .Attr("slope: float")
    .Attr("cubic: float")
    .SetShapeFn(LikeFirst);
REGISTER_KERNEL_BUILDER(Name("EimGateGradient").Device(tensorflow::DEVICE_CPU), GateKernel);

REGISTER_OP("EimNormalise")
    .Input("x: float")
    .Input("gain: float")
    .Input("bias: float")
    .Output("y: float")
    .Output("means: float")
    .Output("scales: float")
    .Attr("centred: bool")
    .Attr("epsilon: float")
    .SetShapeFn(OfNormalise);
REGISTER_KERNEL_BUILDER(Name("EimNormalise").Device(tensorflow::DEVICE_CPU), NormaliseKernel);

REGISTER_OP("EimNormaliseGradient")
    .Input("x: float")
    .Input("dy: float")
    .Input("gain: float")
    .Input("means: float")
    .Input("scales: float")
    .Output("dx: float")
    .Attr("centred: bool")
    .SetShapeFn(LikeFirst);
REGISTER_KERNEL_BUILDER(Name("EimNormaliseGradient").Device(tensorflow::DEVICE_CPU), NormaliseGradientKernel);

REGISTER_OP("EimColumnSums")
    .Input("dy: float")
    .Input("x: float")
    .Input("means: float")
    .Input("scales: float")
    .Output("sums: float")
    .Attr("centred: bool")
    .Attr("normalised: bool")
    .SetShapeFn(OneForColumn);
REGISTER_KERNEL_BUILDER(Name("EimColumnSums").Device(tensorflow::DEVICE_CPU), ColumnSumsKernel);

#define EIM_HEAD_SIZES \
  Attr("batch: int").Attr("heads: int").Attr("groups: int").Attr("queries: int").Attr("keys: int").Attr("width: int")

REGISTER_OP("EimHeadScores")
    .Input("x: float")
    .Input("y: float")
    .Output("p: float")
    .EIM_HEAD_SIZES.SetShapeFn(OfHeadScores);
REGISTER_KERNEL_BUILDER(Name("EimHeadScores").Device(tensorflow::DEVICE_CPU), HeadScoresKernel);

REGISTER_OP("EimHeadMix")
    .Input("p: float")
    .Input("y: float")
    .Output("x: float")
    .EIM_HEAD_SIZES.SetShapeFn(OfHeadMix);
REGISTER_KERNEL_BUILDER(Name("EimHeadMix").Device(tensorflow::DEVICE_CPU), HeadMixKernel);

REGISTER_OP("EimHeadGather")
    .Input("p: float")
    .Input("x: float")
    .Output("y: float")
    .EIM_HEAD_SIZES.SetShapeFn(OfHeadGather);
REGISTER_KERNEL_BUILDER(Name("EimHeadGather").Device(tensorflow::DEVICE_CPU), HeadGatherKernel);

REGISTER_OP("EimSoftmax")
    .Input("x: float")
    .Input("bias: float")
    .Output("probabilities: float")
    .Attr("scale: float")
    .Attr("biased: bool")
    .SetShapeFn(LikeFirst);
REGISTER_KERNEL_BUILDER(Name("EimSoftmax").Device(tensorflow::DEVICE_CPU), SoftmaxKernel);

REGISTER_OP("EimSoftmaxGradient")
    .Input("probabilities: float")
    .Input("dy: float")
    .Output("dx: float")
    .Attr("scale: float")
    .SetShapeFn(LikeFirst);
REGISTER_KERNEL_BUILDER(Name("EimSoftmaxGradient").Device(tensorflow::DEVICE_CPU), SoftmaxGradientKernel);

}  // namespace eim
