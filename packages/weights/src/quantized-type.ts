/** Block formats of GGUF, which are widened to F32 when read. */
export const QUANTIZED_TYPES = [
  'Q8_0',
  'Q4_0',
  'Q4_1',
  'Q5_0',
  'Q5_1',
  'Q2_K',
  'Q3_K',
  'Q4_K',
  'Q5_K',
  'Q6_K',
] as const;

export type QuantizedType = (typeof QUANTIZED_TYPES)[number];

export function isQuantized(value: string): value is QuantizedType {
  return (QUANTIZED_TYPES as readonly string[]).includes(value);
}
