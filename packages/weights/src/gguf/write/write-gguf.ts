import { EimError, type ExportedGguf, type ExportedTensor } from '@eim/contracts';
import { quantiseQ40 } from '../../quantise/quantise-q40.js';
import { encodeTensorData } from '../../tensor-data.js';
import { quantizeQ80 } from './quantize-q80.js';
import { type GgufStoredTensor, ggufBlockElements, storedGgufChunks } from './stored-tensor.js';

/** The forms in which matrices are written, and llama.cpp's number of a file that has them (llama.h, `enum llama_ftype`). */
const FILE_TYPES = { f32: 0, f16: 1, bf16: 32, q8_0: 7, q4_0: 2 } as const;

export type GgufEncoding = keyof typeof FILE_TYPES;
export const GGUF_ENCODINGS = Object.keys(FILE_TYPES) as readonly GgufEncoding[];

/**
 * The bytes of a GGUF file, piece by piece. Matrices are written in one form, vectors in 32 bits, as llama.cpp's own converter does;
 * `general.file_type` says so.
 * @throws EimError `invalid-argument` for a matrix whose rows do not fill the form's blocks, before the first piece
 * @example
 * await writeFileAtomically('model.gguf', ggufChunks({ metadata, tensors }, 'q8_0'));
 */
export function ggufChunks(
  { metadata, tensors }: ExportedGguf,
  encoding: GgufEncoding,
): Iterable<Uint8Array> {
  const stored = tensors.map((tensor) => storedTensor(tensor, tensor.shape.length < 2 ? 'f32' : encoding));
  const fileType = { type: 'uint32', value: FILE_TYPES[encoding] } as const;
  return storedGgufChunks({ ...metadata, 'general.file_type': fileType }, stored);
}

function storedTensor(tensor: ExportedTensor, stored: GgufEncoding): GgufStoredTensor {
  const { name, shape } = tensor;
  const elements = ggufBlockElements(stored);
  const row = shape.at(-1) ?? 1;
  if (row % elements === 0) return { name, shape, stored, bytes: () => [encoded(tensor, stored)] };
  throw new EimError({
    code: 'invalid-argument',
    message: `${name} has rows of ${row}, which blocks of ${stored} do not fill: they have ${elements} elements.`,
    advice: 'Write f16 or f32.',
    data: { tensor: name, row, form: stored },
  });
}

function encoded({ name, shape, values }: ExportedTensor, form: GgufEncoding): Uint8Array {
  if (form === 'q8_0') return quantizeQ80(values);
  if (form === 'q4_0') return quantiseQ40(values);
  const dtype = ({ f32: 'F32', f16: 'F16', bf16: 'BF16' } as const)[form];
  return encodeTensorData({ name, shape, dtype, data: values });
}
