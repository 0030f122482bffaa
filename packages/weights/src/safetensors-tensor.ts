import { BYTES_PER_ELEMENT } from './dtype.js';
import { fileFault, UnreadFault } from './file-fault.js';
import type { RandomAccessSource } from './random-access-source.js';
import { HeaderObject, shownValue } from './safetensors-json.js';
import { bitsPerElement, type ElementType, UNREAD_ELEMENT_BITS } from './unread-encoding.js';
import type { TensorDescription } from './weight-file.js';

/** Where one tensor lies. */
export interface TensorInfo extends TensorDescription {
  /** From the start of the file. */
  readonly offset: number;
  readonly byteLength: number;
}

const FIELDS = ['dtype', 'shape', 'data_offsets'] as const;
/** PyTorch's own; the format has no name for them. */
const NOT_IN_THE_FORMAT = ['C32', 'C128'];
const DTYPES = [...Object.keys(BYTES_PER_ELEMENT), ...Object.keys(UNREAD_ELEMENT_BITS)].filter(
  (name) => !NOT_IN_THE_FORMAT.includes(name),
);
/** Sizes are counted in 64 bits. */
const LARGEST_COUNT = 2n ** 64n;

/** One entry of a header as it says. */
export interface HeaderTensor {
  readonly name: string;
  readonly dtype: ElementType;
  readonly shape: readonly (number | bigint)[];
  /** From the first byte behind the header. */
  readonly begin: number;
  readonly end: number;
}

/** @throws EimError `invalid-file` that names the tensor and a field of another form */
export function readTensorEntry(name: string, entry: unknown, file: string): HeaderTensor {
  const fault = faultOf(name, file);
  const [type, shape, offsets] = fieldsOf(entry, fault);
  const dtype = variant(type);
  if (!DTYPES.includes(dtype as string)) {
    const unknown = `has dtype ${shownValue(type)}, which is none of ${DTYPES.join(', ')}`;
    throw fault(unknown, new UnreadFault(unknown, 'Save it in one of these types.'));
  }
  if (!isCounts(shape)) throw fault(`has shape ${shownValue(shape)}, not a list of sizes`);
  if (!isCounts(offsets) || offsets.length !== 2) {
    throw fault(`has data_offsets ${shownValue(offsets)}, not two positions`);
  }
  return { name, dtype: dtype as ElementType, shape, begin: Number(offsets[0]), end: Number(offsets[1]) };
}

/**
 * Where an entry's tensor lies.
 * @param dataStart first byte behind the header
 * @throws EimError `invalid-file` that names the tensor and why it cannot be there
 */
export function placeTensor(
  { name, dtype, shape, begin, end }: HeaderTensor,
  dataStart: number,
  source: RandomAccessSource,
): TensorInfo {
  const fault = faultOf(name, source.name);
  if (begin > end) throw fault(`has data_offsets [${begin}, ${end}] that run backwards`);
  if (dataStart + end > source.size) {
    throw fault(`ends at byte ${dataStart + end}, but the file has ${source.size}: it is cut off`);
  }
  const byteLength = end - begin;
  const needed = bytesOf(shape, dtype, fault);
  if (needed !== byteLength) {
    throw fault(`of shape [${shape}] and dtype ${dtype} needs ${needed} bytes, but has ${byteLength}`);
  }
  return { name, dtype, encoding: dtype, shape: shape.map(Number), offset: dataStart + begin, byteLength };
}

const faultOf =
  (name: string, file: string): Fault =>
  (text, cause) =>
    fileFault(file, `tensor "${name}" ${text}`, { tensor: name }, cause);

type Fault = (text: string, cause?: unknown) => Error;

/** Values of the three fields, which may also stand in a list; other fields are passed over, as the library does. */
function fieldsOf(entry: unknown, fault: Fault): readonly unknown[] {
  if (Array.isArray(entry) && entry.length === FIELDS.length) return entry;
  if (!(entry instanceof HeaderObject)) throw fault('is not described by a JSON object');
  return FIELDS.map((field) => {
    const values = entry.entries.filter(([key]) => key === field);
    if (values.length > 1) throw fault(`has the field "${field}" twice`);
    if (values.length === 0) throw fault(`has no ${field}`);
    return values[0]![1];
  });
}

/** A type's name, which may also stand as an object of that name with null in it. */
function variant(value: unknown): unknown {
  if (!(value instanceof HeaderObject) || value.entries.length !== 1) return value;
  const [name, content] = value.entries[0]!;
  return content === null ? name : value;
}

function bytesOf(shape: readonly (number | bigint)[], dtype: ElementType, fault: Fault): number {
  let count = 1n;
  for (const size of [...shape, bitsPerElement(dtype)]) {
    count *= BigInt(size);
    if (count >= LARGEST_COUNT) throw fault(`of shape [${shape}] and dtype ${dtype} has too many elements`);
  }
  if (count % 8n !== 0n) throw fault(`of shape [${shape}] and dtype ${dtype} does not end with a whole byte`);
  return Number(count / 8n);
}

/** Sizes and positions of any 64 bits. */
function isCounts(value: unknown): value is (number | bigint)[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'number' || typeof item === 'bigint');
}
