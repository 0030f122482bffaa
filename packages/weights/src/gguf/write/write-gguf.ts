import { EimError, type ExportedGguf, type ExportedTensor } from '@eim/contracts';
import { elementCount } from '../../dtype.js';
import { encodeTensorData } from '../../tensor-data.js';
import { GgufWriter } from './gguf-writer.js';
import { quantizeQ80 } from './quantize-q80.js';

const SIGNATURE = 0x46554747; // "GGUF"
const VERSION = 3;
const ALIGNMENT = 32;

interface Encoding {
  /** ggml's number of the type of tensors (ggml.h, `enum ggml_type`). */
  readonly type: number;
  /** llama.cpp's number of a file whose matrices are of this type (llama.h, `enum llama_ftype`). */
  readonly fileType: number;
  readonly blockElements: number;
  readonly blockBytes: number;
}

/** The forms in which matrices are written. */
const ENCODINGS = {
  f32: { type: 0, fileType: 0, blockElements: 1, blockBytes: 4 },
  f16: { type: 1, fileType: 1, blockElements: 1, blockBytes: 2 },
  bf16: { type: 30, fileType: 32, blockElements: 1, blockBytes: 2 },
  q8_0: { type: 8, fileType: 7, blockElements: 32, blockBytes: 34 },
} as const satisfies Readonly<Record<string, Encoding>>;

export type GgufEncoding = keyof typeof ENCODINGS;
export const GGUF_ENCODINGS = Object.keys(ENCODINGS) as readonly GgufEncoding[];

/**
 * The bytes of a GGUF file of version 3 (ggml-org/ggml, docs/gguf.md), piece by piece. Matrices are written in one form, vectors in 32 bits, as
 * llama.cpp's own converter does; `general.file_type` says so.
 * @throws EimError `invalid-argument` for a matrix whose rows do not fill the form's blocks, before the first piece
 * @example
 * await writeFileAtomically('model.gguf', ggufChunks({ metadata, tensors }, 'q8_0'));
 */
export function ggufChunks(
  { metadata, tensors }: ExportedGguf,
  encoding: GgufEncoding,
): Iterable<Uint8Array> {
  const placed: { readonly tensor: ExportedTensor; readonly form: GgufEncoding; readonly length: number }[] =
    tensors.map((tensor) => {
      const form = tensor.shape.length < 2 ? 'f32' : encoding;
      return { tensor, form, length: byteLength(tensor, form) };
    });
  const writer = new GgufWriter();
  const { fileType } = ENCODINGS[encoding];
  const pairs = Object.entries({
    ...metadata,
    'general.file_type': { type: 'uint32', value: fileType } as const,
  });
  writer.uint32(SIGNATURE);
  writer.uint32(VERSION);
  writer.uint64(placed.length);
  writer.uint64(pairs.length);
  for (const [key, value] of pairs) {
    writer.text(key);
    writer.value(value);
  }
  let offset = 0;
  for (const { tensor, form, length } of placed) {
    writer.text(tensor.name);
    writer.uint32(tensor.shape.length);
    // ggml counts from the fastest dimension
    for (const side of [...tensor.shape].reverse()) writer.uint64(side);
    writer.uint32(ENCODINGS[form].type);
    writer.uint64(offset);
    offset += aligned(length);
  }
  writer.align(ALIGNMENT);
  const header = writer.finished();
  return (function* () {
    yield header;
    for (const { tensor, form, length } of placed) {
      yield encoded(tensor, form);
      yield new Uint8Array(aligned(length) - length);
    }
  })();
}

const aligned = (length: number): number => Math.ceil(length / ALIGNMENT) * ALIGNMENT;

function byteLength({ name, shape }: ExportedTensor, form: GgufEncoding): number {
  const { blockElements, blockBytes } = ENCODINGS[form];
  const row = shape.at(-1) ?? 1;
  if (row % blockElements === 0) return (elementCount(shape) / blockElements) * blockBytes;
  throw new EimError({
    code: 'invalid-argument',
    message: `${name} has rows of ${row}, which blocks of ${form} do not fill: they have ${blockElements} elements.`,
    advice: 'Write f16 or f32.',
    data: { tensor: name, row, form },
  });
}

function encoded({ name, shape, values }: ExportedTensor, form: GgufEncoding): Uint8Array {
  if (form === 'q8_0') return quantizeQ80(values);
  const dtype = ({ f32: 'F32', f16: 'F16', bf16: 'BF16' } as const)[form];
  return encodeTensorData({ name, shape, dtype, data: values });
}
