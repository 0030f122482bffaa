// Operations of ours on weights in blocks. Their JavaScript side is src/kernels/tensorflow/tensorflow-own-kernels.ts.

#include "block_products.h"
#include "decoder.h"

namespace eim {

using tensorflow::shape_inference::InferenceContext;

// `[rows of the first input, the size that an attribute gives]`.
static absl::Status MatrixOf(InferenceContext *context, const char *attribute) {
  int64_t size;
  TF_RETURN_IF_ERROR(context->GetAttr(attribute, &size));
  context->set_output(0, context->Matrix(context->Dim(context->input(0), 0), size));
  return absl::OkStatus();
}

static absl::Status OfBlockProduct(InferenceContext *context) { return MatrixOf(context, "rows"); }
static absl::Status OfBlockProductGradient(InferenceContext *context) { return MatrixOf(context, "columns"); }

static absl::Status OfBlockRows(InferenceContext *context) {
  int64_t columns;
  tensorflow::shape_inference::ShapeHandle shape;
  TF_RETURN_IF_ERROR(context->GetAttr("columns", &columns));
  TF_RETURN_IF_ERROR(context->Concatenate(context->input(0), context->Vector(columns), &shape));
  context->set_output(0, shape);
  return absl::OkStatus();
}

#define EIM_BLOCK_ROWS \
  Attr("format: int").Attr("row_bytes: int").Attr("first: int").Attr("rows: int").Attr("columns: int")

REGISTER_OP("EimBlockProduct")
    .Input("x: float")
    .Input("blocks: float")
    .Output("y: float")
    .EIM_BLOCK_ROWS.SetShapeFn(OfBlockProduct);
REGISTER_KERNEL_BUILDER(Name("EimBlockProduct").Device(tensorflow::DEVICE_CPU), BlockProductKernel<MultiplyBlocks<PoolThreads>>);

REGISTER_OP("EimFastBlockProduct")
    .Input("x: float")
    .Input("blocks: float")
    .Output("y: float")
    .EIM_BLOCK_ROWS.SetShapeFn(OfBlockProduct);
REGISTER_KERNEL_BUILDER(Name("EimFastBlockProduct").Device(tensorflow::DEVICE_CPU), BlockProductKernel<MultiplyFast<PoolThreads>>);

REGISTER_OP("EimBlockProductGradient")
    .Input("dy: float")
    .Input("blocks: float")
    .Output("dx: float")
    .EIM_BLOCK_ROWS.SetShapeFn(OfBlockProductGradient);
REGISTER_KERNEL_BUILDER(Name("EimBlockProductGradient").Device(tensorflow::DEVICE_CPU), BlockProductGradientKernel);

REGISTER_OP("EimBlockRows")
    .Input("ids: int32")
    .Input("blocks: float")
    .Output("values: float")
    .EIM_BLOCK_ROWS.SetShapeFn(OfBlockRows);
REGISTER_KERNEL_BUILDER(Name("EimBlockRows").Device(tensorflow::DEVICE_CPU), BlockRowsKernel);

static absl::Status OfDecodeBlocks(InferenceContext *context) {
  context->set_output(0, context->input(0));
  return absl::OkStatus();
}

// Changes keys and values among its weights: it is called operation by operation alone.
REGISTER_OP("EimDecodeRows")
    .Input("x: float")
    .Input("words: int32")
    .Input("cosine: float")
    .Input("sine: float")
    .Input("bias: float")
    .Input("weights: count * float")
    .Output("y: float")
    .Attr("count: int")
    .SetIsStateful()
    .SetShapeFn(OfDecodeBlocks);
REGISTER_KERNEL_BUILDER(Name("EimDecodeRows").Device(tensorflow::DEVICE_CPU), DecodeBlocksKernel);

}  // namespace eim
