import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { DecodeBlocksCall } from '../decoding/decode-blocks-call.js';
import type { DecoderBlock } from '../decoding/decoder-block.js';
import { parseEinsum } from '../kernels/parse-einsum.js';

/** What a kernel was called with. */
export interface KernelCall {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly attrs: Readonly<Record<string, unknown>>;
}

type KernelCost = (call: KernelCall, output: TensorInfo) => number;

const product: KernelCost = ({ inputs, attrs }, output) => {
  const a = inputs.a!.shape;
  return size(output.shape) * a[attrs.transposeA ? a.length - 2 : a.length - 1]!;
};

/** Every output value sums over the filter's window and its input channels: `[h, w, in, out]`. */
const convolution: KernelCost = ({ inputs }, output) => {
  const [height, width, channels] = inputs.filter!.shape;
  return size(output.shape) * height! * width! * channels!;
};

/** The gradients of a convolution multiply the same pairs of values as the convolution itself. */
const convolutionOf = (gradient: readonly number[], filter: readonly number[]): number =>
  size(gradient) * filter[0]! * filter[1]! * filter[2]!;

const depthwise: KernelCost = ({ inputs }, output) => {
  const [height, width] = inputs.filter!.shape;
  return size(output.shape) * height! * width!;
};

const depthwiseOf = (call: KernelCall, filter: readonly number[]): number => {
  const gradient = call.inputs.dy!.shape;
  return size(gradient) * filter[0]! * filter[1]!;
};

/** Attention's products: every query with every key, by head. */
const headProduct: KernelCost = ({ attrs }) =>
  size(['batch', 'heads', 'queries', 'keys', 'width'].map((name) => attrs[name] as number));

/** Every row of the left factor with every weight. */
const blockProduct: KernelCost = ({ inputs, attrs }) =>
  (inputs.x ?? inputs.dy)!.shape[0]! * (attrs.rows as number) * (attrs.columns as number);

/** Every new position with all weights of the blocks, and with keys and values of all positions that the step ends with. */
const decoding: KernelCost = ({ inputs: { x }, attrs }) => {
  const { blocks, slots, positions } = attrs as unknown as DecodeBlocksCall;
  const weights = ({ queryKeyValue, attentionOutput, gate, input, output }: DecoderBlock): number =>
    [queryKeyValue, attentionOutput, gate, input, output]
      .map(({ weight }) => weight.rows * weight.columns)
      .reduce((sum, count) => sum + count);
  const attended = 2 * (slots + positions) * blocks[0]!.attentionOutput.weight.columns;
  return x!.shape[0]! * blocks.reduce((sum, block) => sum + weights(block) + attended, 0);
};

/** Multiply-adds by kernel, from the shapes of one call. Kernels that are not products are left out. */
export const KERNEL_COSTS: Readonly<Record<string, KernelCost>> = {
  BatchMatMul: product,
  _FusedMatMul: product,
  EimBlockProduct: blockProduct,
  EimBlockProductGradient: blockProduct,
  EimDecodeRows: decoding,
  EimFastBlockProduct: blockProduct,
  EimHeadScores: headProduct,
  EimHeadMix: headProduct,
  EimHeadGather: headProduct,
  Einsum: (call) => einsumCost(String(call.attrs.equation), Object.values(call.inputs)),
  Conv2D: convolution,
  FusedConv2D: convolution,
  Conv2DBackpropInput: ({ inputs }) => convolutionOf(inputs.dy!.shape, inputs.filter!.shape),
  Conv2DBackpropFilter: ({ inputs, attrs }) => convolutionOf(inputs.dy!.shape, attrs.filterShape as number[]),
  DepthwiseConv2dNative: depthwise,
  FusedDepthwiseConv2D: depthwise,
  DepthwiseConv2dNativeBackpropInput: (call) => depthwiseOf(call, call.inputs.filter!.shape),
  DepthwiseConv2dNativeBackpropFilter: (call) => depthwiseOf(call, call.attrs.filterShape as number[]),
};

/** One multiply-add for every combination of the labels' values; a single operand is only summed. */
function einsumCost(equation: string, operands: readonly TensorInfo[]): number {
  if (operands.length < 2) return 0;
  const sizes = new Map<string, number>();
  for (const [index, term] of parseEinsum(equation).terms.entries()) {
    for (const [axis, label] of term.entries()) sizes.set(label, operands[index]!.shape[axis]!);
  }
  return size([...sizes.values()]);
}

function size(shape: readonly number[]): number {
  return shape.reduce((total, extent) => total * extent, 1);
}
