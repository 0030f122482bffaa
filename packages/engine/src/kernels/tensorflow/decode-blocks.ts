import { type Tensor, type TensorInfo, tensor1d } from '@tensorflow/tfjs-core';
import type { DecodeBlocksCall } from '../../decoding/decode-blocks-call.js';
import { decoderWords } from '../../decoding/decoder-words.js';
import type { TensorFlowBackend } from '../../tensorflow/tensorflow-backend.js';
import { ATTRIBUTE } from '../../tensorflow/tensorflow-binding.js';

type Inputs = Pick<DecodeBlocksCall, 'x' | 'cosine' | 'sine' | 'bias'>;

interface DecodingCall {
  readonly inputs: Inputs;
  readonly attrs: Omit<DecodeBlocksCall, keyof Inputs>;
  readonly backend: TensorFlowBackend;
}

/** New positions through all blocks, in one operation. @returns `[B*T, D]` */
export function decodeBlocks({ inputs, attrs, backend }: DecodingCall): TensorInfo {
  const { x, cosine, sine, bias } = inputs;
  const weights: Tensor[] = [];
  const locate = (tensor: Tensor | undefined): number => (tensor ? weights.push(tensor) - 1 : -1);
  const words = tensor1d(decoderWords({ ...attrs, ...inputs }, locate).words, 'int32');
  const count = { name: 'count', type: ATTRIBUTE.int, value: weights.length };
  // where there is no bias, another tensor stands in its place and is not looked at
  const given = [x, words, cosine, sine, bias ?? cosine, ...weights];
  const output = backend.executeSingleOutput('EimDecodeRows', [count], given);
  words.dispose();
  return output;
}
