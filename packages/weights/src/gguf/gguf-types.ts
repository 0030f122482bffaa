import type { Dtype } from '../dtype.js';
import type { QuantizedType } from '../weight-file.js';

/** How many elements stand in how many bytes. */
export interface GgufType {
  readonly encoding: Dtype | QuantizedType;
  readonly blockElements: number;
  readonly blockBytes: number;
}

const plain = (encoding: Dtype, blockBytes: number): GgufType => ({ encoding, blockElements: 1, blockBytes });

/** Tensor types that are read, by ggml's number (ggml.h, `enum ggml_type`). */
export const GGUF_TYPES: ReadonlyMap<number, GgufType> = new Map<number, GgufType>([
  [0, plain('F32', 4)],
  [1, plain('F16', 2)],
  [2, { encoding: 'Q4_0', blockElements: 32, blockBytes: 18 }],
  [8, { encoding: 'Q8_0', blockElements: 32, blockBytes: 34 }],
  [12, { encoding: 'Q4_K', blockElements: 256, blockBytes: 144 }],
  [14, { encoding: 'Q6_K', blockElements: 256, blockBytes: 210 }],
  [24, plain('I8', 1)],
  [25, plain('I16', 2)],
  [26, plain('I32', 4)],
  [27, plain('I64', 8)],
  [28, plain('F64', 8)],
  [30, plain('BF16', 2)],
]);

/** Those that are not, for messages. */
export const UNREAD_TYPES: ReadonlyMap<number, string> = new Map([
  [3, 'Q4_1'],
  [6, 'Q5_0'],
  [7, 'Q5_1'],
  [9, 'Q8_1'],
  [10, 'Q2_K'],
  [11, 'Q3_K'],
  [13, 'Q5_K'],
  [15, 'Q8_K'],
  [16, 'IQ2_XXS'],
  [17, 'IQ2_XS'],
  [18, 'IQ3_XXS'],
  [19, 'IQ1_S'],
  [20, 'IQ4_NL'],
  [21, 'IQ3_S'],
  [22, 'IQ2_S'],
  [23, 'IQ4_XS'],
  [29, 'IQ1_M'],
  [34, 'TQ1_0'],
  [35, 'TQ2_0'],
  [39, 'MXFP4'],
]);
