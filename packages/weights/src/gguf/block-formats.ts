import type { BlockFormat } from '@eim/contracts';
import { FLOAT_STORAGE, type StoredFloats } from '../value-runs.js';
import { dequantizeInto } from './dequantize.js';
import { GGUF_BLOCKS } from './gguf-types.js';

const HELD = ['Q8_0', 'Q4_0', 'Q4_1', 'Q5_0', 'Q5_1', 'Q4_K', 'Q5_K', 'Q6_K'] as const;

const named = (name: string, { blockElements, blockBytes, decode }: StoredFloats): BlockFormat => ({
  name,
  blockElements,
  blockBytes,
  widen: decode,
});

/** Encodings that frozen weights are held in as they are; those of two and three bits are widened when read. */
const FORMATS: ReadonlyMap<string, BlockFormat> = new Map([
  ...HELD.map((encoding): [string, BlockFormat] => [
    encoding,
    {
      name: encoding.toLowerCase(),
      ...GGUF_BLOCKS[encoding],
      widen: (blocks, floats) => dequantizeInto(floats, blocks, encoding),
    },
  ]),
  ['F16', named('float16', FLOAT_STORAGE.F16)],
  ['BF16', named('bfloat16', FLOAT_STORAGE.BF16)],
]);

/** The format in which weights of an encoding may be held; undefined where they are to be widened. */
export function blockFormat(encoding: string): BlockFormat | undefined {
  return FORMATS.get(encoding);
}
