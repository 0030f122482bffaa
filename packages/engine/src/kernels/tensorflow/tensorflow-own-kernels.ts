import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { OwnKernelName } from '../../ops/own-kernel.js';
import type { TensorFlowBackend } from '../../tensorflow/tensorflow-backend.js';
import { ATTRIBUTE, type OpAttribute } from '../../tensorflow/tensorflow-binding.js';
import { decodeBlocks } from './decode-blocks.js';

interface OwnKernelCall {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly attrs: Readonly<Record<string, number | boolean | undefined>>;
  readonly backend: TensorFlowBackend;
}

type OwnKernel = (call: OwnKernelCall) => TensorInfo | TensorInfo[];

const float = (name: string, value: unknown): OpAttribute => ({ name, type: ATTRIBUTE.float, value });
const flag = (name: string, value: unknown): OpAttribute => ({ name, type: ATTRIBUTE.bool, value });
const whole = (name: string, value: unknown): OpAttribute => ({ name, type: ATTRIBUTE.int, value });

/**
 * The operations of native/tensorflow/fused_kernels.cc and block_kernels.cc. Where one takes a tensor that a call leaves out, it gets
 * another one and does not look at it.
 */
export const TENSORFLOW_OWN_KERNELS: Partial<Readonly<Record<OwnKernelName, OwnKernel>>> = {
  EimBlockProduct: ({ inputs: { x, blocks }, attrs, backend }) =>
    backend.executeSingleOutput('EimBlockProduct', blockAttributes(attrs), [x!, blocks!]),
  EimBlockProductGradient: ({ inputs: { dy, blocks }, attrs, backend }) =>
    backend.executeSingleOutput('EimBlockProductGradient', blockAttributes(attrs), [dy!, blocks!]),
  EimBlockRows: ({ inputs: { ids, blocks }, attrs, backend }) =>
    backend.executeSingleOutput('EimBlockRows', blockAttributes(attrs), [ids!, blocks!]),
  EimDecodeRows: decodeBlocks as unknown as OwnKernel,
  EimFastBlockProduct: ({ inputs: { x, blocks }, attrs, backend }) =>
    backend.executeSingleOutput('EimFastBlockProduct', blockAttributes(attrs), [x!, blocks!]),
  EimGate: ({ inputs, attrs, backend }) =>
    backend.executeSingleOutput('EimGate', gateAttributes(attrs), [inputs.x!]),
  EimGateGradient: ({ inputs, attrs, backend }) =>
    backend.executeSingleOutput('EimGateGradient', gateAttributes(attrs), [inputs.x!, inputs.dy!]),
  EimNormalise: ({ inputs: { x, gain, bias = gain }, attrs, backend }) => {
    const attributes = [flag('centred', attrs.centred), float('epsilon', attrs.epsilon)];
    return backend.executeMultipleOutputs('EimNormalise', attributes, [x!, gain!, bias!], 3);
  },
  EimNormaliseGradient: ({ inputs: { x, dy, gain, means, scales }, attrs, backend }) => {
    const given = [x!, dy!, gain!, means!, scales!];
    return backend.executeSingleOutput('EimNormaliseGradient', [flag('centred', attrs.centred)], given);
  },
  EimColumnSums: ({ inputs: { dy, x, means, scales }, attrs, backend }) => {
    const attributes = [flag('centred', attrs.centred === true), flag('normalised', x !== undefined)];
    const given = [dy!, x ?? dy!, means ?? dy!, scales ?? dy!];
    return backend.executeSingleOutput('EimColumnSums', attributes, given);
  },
  EimHeadScores: ({ inputs: { x, y }, attrs, backend }) =>
    backend.executeSingleOutput('EimHeadScores', headAttributes(attrs), [x!, y!]),
  EimHeadMix: ({ inputs: { p, y }, attrs, backend }) =>
    backend.executeSingleOutput('EimHeadMix', headAttributes(attrs), [p!, y!]),
  EimHeadGather: ({ inputs: { p, x }, attrs, backend }) =>
    backend.executeSingleOutput('EimHeadGather', headAttributes(attrs), [p!, x!]),
  EimSoftmax: ({ inputs: { x, bias }, attrs, backend }) => {
    const attributes = [float('scale', attrs.scale), flag('biased', bias !== undefined)];
    return backend.executeSingleOutput('EimSoftmax', attributes, [x!, bias ?? x!]);
  },
  EimSoftmaxGradient: ({ inputs: { probabilities, dy }, attrs, backend }) =>
    backend.executeSingleOutput('EimSoftmaxGradient', [float('scale', attrs.scale)], [probabilities!, dy!]),
};

function headAttributes(attrs: OwnKernelCall['attrs']): OpAttribute[] {
  return ['batch', 'heads', 'groups', 'queries', 'keys', 'width'].map((name) => whole(name, attrs[name]));
}

function blockAttributes({ format, rowBytes, first, rows, columns }: OwnKernelCall['attrs']): OpAttribute[] {
  const sizes = { format, row_bytes: rowBytes, first, rows, columns };
  return Object.entries(sizes).map(([name, value]) => whole(name, value));
}

function gateAttributes({ slope, cubic }: OwnKernelCall['attrs']): OpAttribute[] {
  return [float('slope', slope), float('cubic', cubic)];
}
