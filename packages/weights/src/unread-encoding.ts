import { EimError } from '@eim/contracts';
import { BYTES_PER_ELEMENT, type Dtype } from './dtype.js';
import { QUANTIZED_TYPES } from './quantized-type.js';

/** Bits an element of types that files may have and nothing here computes with: safetensors 0.8 and PyTorch 2.13. */
export const UNREAD_ELEMENT_BITS = {
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  C32: 32,
  C64: 64,
  C128: 128,
} as const;

/** Elements and bytes of block formats of GGUF that are not widened (ggml-common.h). */
export const UNREAD_BLOCKS = {
  Q8_1: [32, 36],
  Q8_K: [256, 292],
  IQ2_XXS: [256, 66],
  IQ2_XS: [256, 74],
  IQ3_XXS: [256, 98],
  IQ1_S: [256, 50],
  IQ4_NL: [32, 18],
  IQ3_S: [256, 110],
  IQ2_S: [256, 82],
  IQ4_XS: [256, 136],
  IQ1_M: [256, 56],
  TQ1_0: [256, 54],
  TQ2_0: [256, 66],
  MXFP4: [32, 17],
  NVFP4: [64, 36],
  Q1_0: [128, 18],
} as const;

/** An element type or block format whose tensors are listed, but not read. */
export type UnreadEncoding = keyof typeof UNREAD_ELEMENT_BITS | keyof typeof UNREAD_BLOCKS;

/** Element types of all formats. */
export type ElementType = Dtype | keyof typeof UNREAD_ELEMENT_BITS;

export function isUnreadElement(value: unknown): value is keyof typeof UNREAD_ELEMENT_BITS {
  return typeof value === 'string' && Object.hasOwn(UNREAD_ELEMENT_BITS, value);
}

/** Bits an element of either kind takes. */
export const bitsPerElement = (type: ElementType): number =>
  isUnreadElement(type) ? UNREAD_ELEMENT_BITS[type] : 8 * BYTES_PER_ELEMENT[type];

/** @throws EimError `invalid-data` for a tensor of an encoding that is not read */
export function requireReadable<Encoding extends string>(
  file: string,
  name: string,
  encoding: Encoding | UnreadEncoding,
): asserts encoding is Exclude<Encoding, UnreadEncoding> {
  if (!isUnreadElement(encoding) && !Object.hasOwn(UNREAD_BLOCKS, encoding)) return;
  const readable = [...Object.keys(BYTES_PER_ELEMENT), ...QUANTIZED_TYPES].join(', ');
  throw new EimError({
    code: 'invalid-data',
    message: `${file}: tensor "${name}" is stored as ${encoding}, which is listed but not read.`,
    advice: `Save it in a type that is: ${readable}.`,
    data: { file, tensor: name, encoding },
  });
}
