import type { Dtype } from '../dtype.js';
import type { QuantizedType } from '../quantized-type.js';
import { UNREAD_BLOCKS, type UnreadEncoding } from '../unread-encoding.js';

/** How many elements stand in how many bytes. */
export interface GgufType {
  readonly encoding: Dtype | QuantizedType | UnreadEncoding;
  readonly blockElements: number;
  readonly blockBytes: number;
}

const plain = (encoding: Dtype, blockBytes: number): GgufType => ({ encoding, blockElements: 1, blockBytes });

const unread = (encoding: keyof typeof UNREAD_BLOCKS): GgufType => {
  const [blockElements, blockBytes] = UNREAD_BLOCKS[encoding];
  return { encoding, blockElements, blockBytes };
};

/** Tensor types by ggml's number (ggml.h, `enum ggml_type`). */
export const GGUF_TYPES: ReadonlyMap<number, GgufType> = new Map<number, GgufType>([
  [0, plain('F32', 4)],
  [1, plain('F16', 2)],
  [2, { encoding: 'Q4_0', blockElements: 32, blockBytes: 18 }],
  [3, { encoding: 'Q4_1', blockElements: 32, blockBytes: 20 }],
  [6, { encoding: 'Q5_0', blockElements: 32, blockBytes: 22 }],
  [7, { encoding: 'Q5_1', blockElements: 32, blockBytes: 24 }],
  [8, { encoding: 'Q8_0', blockElements: 32, blockBytes: 34 }],
  [10, { encoding: 'Q2_K', blockElements: 256, blockBytes: 84 }],
  [11, { encoding: 'Q3_K', blockElements: 256, blockBytes: 110 }],
  [12, { encoding: 'Q4_K', blockElements: 256, blockBytes: 144 }],
  [13, { encoding: 'Q5_K', blockElements: 256, blockBytes: 176 }],
  [14, { encoding: 'Q6_K', blockElements: 256, blockBytes: 210 }],
  [24, plain('I8', 1)],
  [25, plain('I16', 2)],
  [26, plain('I32', 4)],
  [27, plain('I64', 8)],
  [28, plain('F64', 8)],
  [30, plain('BF16', 2)],
  [9, unread('Q8_1')],
  [15, unread('Q8_K')],
  [16, unread('IQ2_XXS')],
  [17, unread('IQ2_XS')],
  [18, unread('IQ3_XXS')],
  [19, unread('IQ1_S')],
  [20, unread('IQ4_NL')],
  [21, unread('IQ3_S')],
  [22, unread('IQ2_S')],
  [23, unread('IQ4_XS')],
  [29, unread('IQ1_M')],
  [34, unread('TQ1_0')],
  [35, unread('TQ2_0')],
  [39, unread('MXFP4')],
  [40, unread('NVFP4')],
  [41, unread('Q1_0')],
]);
