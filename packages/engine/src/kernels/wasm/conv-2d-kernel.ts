import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { backend_util, util } from '@tensorflow/tfjs-core';
import { callKernel } from './call-kernel.js';

type Shape4D = [number, number, number, number];

interface ConvolutionCall {
  readonly inputs: { readonly x: TensorInfo; readonly filter: TensorInfo };
  readonly attrs: {
    readonly strides: number | [number, number];
    readonly pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
    readonly dataFormat: 'NHWC' | 'NCHW';
    readonly dilations: number | [number, number];
    readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  };
  readonly backend: BackendWasm;
}

/**
 * A convolution whose padding is laid round the input first. The backend's own kernel is right without padding
 * only: 'same' with a stride above the filter's size gives zeros, and padding by a number can overrun its memory.
 */
export function paddedConv2d(stock: KernelFunc): KernelFunc {
  const run = (call: ConvolutionCall): TensorInfo =>
    stock(call as unknown as Parameters<KernelFunc>[0]) as TensorInfo;
  const convolve = (call: ConvolutionCall): TensorInfo => {
    const { inputs, attrs, backend } = call;
    if (attrs.pad === 'valid' || attrs.pad === 0) return run({ ...call, attrs: { ...attrs, pad: 'valid' } });
    const { x, filter } = inputs;
    const info = backend_util.computeConv2DInfo(
      x.shape as Shape4D,
      filter.shape as Shape4D,
      attrs.strides,
      attrs.dilations,
      attrs.pad,
      attrs.dimRoundingMode,
      false,
      backend_util.convertConv2DDataFormat(attrs.dataFormat),
    );
    util.assert(
      typeof attrs.pad !== 'number' || info.filterHeight === info.filterWidth,
      () =>
        'Conv2D: core works out the wrong width for padding by one number with a filter that is not square.',
    );
    const { top, left } = info.padInfo;
    const reach = (outputs: number, stride: number, filterSize: number): number =>
      (outputs - 1) * stride + filterSize;
    const height = reach(info.outHeight, info.strideHeight, info.effectiveFilterHeight);
    const width = reach(info.outWidth, info.strideWidth, info.effectiveFilterWidth);
    const paddings = [
      [0, 0],
      [top, Math.max(0, height - info.inHeight - top)],
      [left, Math.max(0, width - info.inWidth - left)],
      [0, 0],
    ];
    const padded = callKernel(backend, 'PadV2', { x }, { paddings, constantValue: 0 });
    const result = run({ inputs: { x: padded, filter }, attrs: { ...attrs, pad: 'valid' }, backend });
    backend.disposeData(padded.dataId);
    return result;
  };
  return convolve as unknown as KernelFunc;
}
