// Operations of ours for TensorFlow on a processor, each in one pass over its data where TensorFlow.js' own ops take
// five to twelve. Their JavaScript side is src/kernels/native/own-kernels.ts.

#include "gate.h"
#include "normalise.h"

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

}  // namespace eim
