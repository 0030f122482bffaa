import { elementCount } from '../dtype.js';
import { fileFault, UnreadFault } from '../file-fault.js';
import { isQuantized } from '../quantized-type.js';
import type { RandomAccessSource } from '../random-access-source.js';
import type { TensorDescription } from '../weight-file.js';
import { GgufReader, NeedsMoreBytes } from './gguf-reader.js';
import { GGUF_TYPES, type GgufType } from './gguf-types.js';

/** Where one tensor lies. */
export interface GgufTensor extends TensorDescription {
  /** From the start of the file. */
  readonly offset: number;
  readonly byteLength: number;
}

export interface GgufHeader {
  /** In the order of the file. */
  readonly tensors: ReadonlyMap<string, GgufTensor>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Vocabularies stand in the header, so it takes megabytes; it is read in growing pieces. */
const FIRST_BYTES = 2 ** 22;
const MAXIMUM_HEADER_BYTES = 2 ** 28;
const DEFAULT_ALIGNMENT = 32;
const MOST_DIMENSIONS = 4;

/**
 * Reads and checks the header of a GGUF file, versions 2 and 3 (ggml-org/ggml, docs/gguf.md).
 * @throws EimError `invalid-file` that names the file, the tensor and the fault
 */
export async function readGgufHeader(source: RandomAccessSource): Promise<GgufHeader> {
  for (let length = FIRST_BYTES; ; length *= 4) {
    const whole = length >= source.size;
    try {
      return parseHeader(new GgufReader(await source.read(0, Math.min(length, source.size))), source);
    } catch (error) {
      if (error instanceof RangeError) throw fileFault(source.name, error.message, {}, error);
      if (!(error instanceof NeedsMoreBytes)) throw error;
      if (whole) throw fileFault(source.name, 'it is cut off inside its header');
      if (length >= MAXIMUM_HEADER_BYTES) {
        throw fileFault(source.name, `its header claims more than ${MAXIMUM_HEADER_BYTES} bytes`);
      }
    }
  }
}

function parseHeader(reader: GgufReader, source: RandomAccessSource): GgufHeader {
  reader.uint32(); // the signature, which chose this reader
  const version = reader.uint32();
  if (version === 1 || version > 3) {
    const fault = version % 65536 === 0 ? 'is big-endian' : `has version ${version}`;
    throw new UnreadFault(
      `it ${fault}, and only little-endian GGUF of versions 2 and 3 is read`,
      'Convert the model again, with the current llama.cpp.',
    );
  }
  const tensorCount = reader.uint64();
  const pairCount = reader.uint64();
  const metadata: Record<string, unknown> = {};
  for (let index = 0; index < pairCount; index++) {
    const key = reader.text();
    if (Object.hasOwn(metadata, key)) throw new RangeError(`it has the metadata "${key}" twice`);
    const get = reader.laterValue(reader.uint32());
    Object.defineProperty(metadata, key, { get, enumerable: true });
  }
  const descriptions = new Map<string, Omit<GgufTensor, 'dtype'>>();
  for (let index = 0; index < tensorCount; index++) {
    const tensor = readDescription(reader);
    if (descriptions.has(tensor.name)) throw new RangeError(`it names "${tensor.name}" twice`);
    descriptions.set(tensor.name, tensor);
  }
  const dataStart = alignUp(reader.position, alignmentOf(metadata));
  return { tensors: placed(descriptions, dataStart, source), metadata };
}

function readDescription(reader: GgufReader): Omit<GgufTensor, 'dtype'> {
  const name = reader.text();
  const dimensions = reader.uint32();
  if (dimensions > MOST_DIMENSIONS) throw new RangeError(`tensor "${name}" has ${dimensions} dimensions`);
  // ggml counts from the fastest dimension.
  const shape = Array.from({ length: dimensions }, () => reader.uint64()).reverse();
  const { encoding, blockElements, blockBytes } = typeOf(name, reader.uint32());
  const row = shape.at(-1) ?? 1;
  if (row % blockElements !== 0) {
    throw new RangeError(`tensor "${name}" has rows of ${row}, which ${encoding} blocks do not fill`);
  }
  const byteLength = (elementCount(shape) / blockElements) * blockBytes;
  return { name, encoding, shape, offset: reader.uint64(), byteLength };
}

function typeOf(name: string, type: number): GgufType {
  const known = GGUF_TYPES.get(type);
  if (known) return known;
  throw new UnreadFault(
    `tensor "${name}" is stored as ggml's type ${type}, which is not known here`,
    'Quantise the model to another type, such as Q8_0.',
  );
}

function alignmentOf(metadata: GgufHeader['metadata']): number {
  const alignment = metadata['general.alignment'] ?? DEFAULT_ALIGNMENT;
  const valid = typeof alignment === 'number' && alignment > 0 && Number.isInteger(Math.log2(alignment));
  if (!valid) throw new RangeError(`its alignment is ${String(alignment)}, not a power of two`);
  return alignment;
}

function alignUp(position: number, alignment: number): number {
  return Math.ceil(position / alignment) * alignment;
}

/** Offsets from the start of the file, in bounds and apart from each other. */
function placed(
  descriptions: ReadonlyMap<string, Omit<GgufTensor, 'dtype'>>,
  dataStart: number,
  source: RandomAccessSource,
): ReadonlyMap<string, GgufTensor> {
  const tensors = new Map<string, GgufTensor>();
  for (const [name, tensor] of descriptions) {
    const offset = dataStart + tensor.offset;
    if (!(offset + tensor.byteLength <= source.size)) {
      const end = offset + tensor.byteLength;
      throw new RangeError(
        `tensor "${name}" ends at byte ${end}, but the file has ${source.size}: it is cut off`,
      );
    }
    const { encoding } = tensor;
    tensors.set(name, { ...tensor, dtype: isQuantized(encoding) ? 'F32' : encoding, offset });
  }
  let covered = 0;
  for (const { name, offset, byteLength } of [...tensors.values()].sort((a, b) => a.offset - b.offset)) {
    if (offset < covered) throw new RangeError(`tensor "${name}" overlaps the tensor before it`);
    covered = offset + byteLength;
  }
  return tensors;
}
