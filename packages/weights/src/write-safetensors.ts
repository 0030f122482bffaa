import { EimError } from '@eim/contracts';
import type { Dtype, WeightTensor } from './dtype.js';
import { BYTES_PER_ELEMENT, elementCount, isDtype } from './dtype.js';
import { LENGTH_BYTES, MAXIMUM_HEADER_BYTES, METADATA_KEY } from './safetensors-header.js';
import { encodeTensorData } from './tensor-data.js';

/** The format's library lays the types out in this order, widest first, so that all stay aligned. */
const LAYOUT_ORDER: readonly Dtype[] = [
  'U64',
  'I64',
  'F64',
  'F32',
  'U32',
  'I32',
  'BF16',
  'F16',
  'U16',
  'I16',
  'I8',
  'U8',
  'BOOL',
];

/**
 * The bytes of a safetensors file, piece by piece: first the header, then each tensor, whose memory is passed
 * on rather than copied. The same tensors and metadata give the same bytes in whatever order they come, and
 * the bytes that the Python library writes.
 * @throws EimError `invalid-argument` for a tensor that cannot be written, before the first piece
 */
export function safetensorsChunks(
  tensors: readonly WeightTensor[],
  metadata: Readonly<Record<string, string>> = {},
): Iterable<Uint8Array> {
  checkNames(tensors);
  const sorted = [...tensors].sort(
    (a, b) =>
      LAYOUT_ORDER.indexOf(a.dtype) - LAYOUT_ORDER.indexOf(b.dtype) || compareCodePoints(a.name, b.name),
  );
  const header = encodeHeader(sorted, metadata);
  return (function* () {
    yield header;
    for (const tensor of sorted) yield encodeTensorData(tensor);
  })();
}

/** A whole safetensors file in memory. For large ones use `safetensorsChunks`, or `writeSafetensorsFile` in Node. */
export function writeSafetensors(
  tensors: readonly WeightTensor[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const chunks = [...safetensorsChunks(tensors, metadata)];
  const file = new Uint8Array(chunks.reduce((bytes, chunk) => bytes + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    file.set(chunk, at);
    at += chunk.length;
  }
  return file;
}

function checkNames(tensors: readonly WeightTensor[]): void {
  const seen = new Set<string>();
  for (const { name, dtype, shape } of tensors) {
    const fault = !isDtype(dtype)
      ? `has the unknown dtype ${JSON.stringify(dtype)}`
      : name === METADATA_KEY
        ? 'has the name that the format keeps for metadata'
        : /\p{Surrogate}/u.test(name)
          ? 'has a name that is not valid Unicode'
          : seen.has(name)
            ? 'is there twice'
            : shape.some((size) => !Number.isSafeInteger(size) || size < 0)
              ? `has the impossible shape [${shape}]`
              : undefined;
    if (fault) {
      throw new EimError({
        code: 'invalid-argument',
        message: `Cannot write tensor "${name}": it ${fault}.`,
        data: { name },
      });
    }
    seen.add(name);
  }
}

function encodeHeader(
  tensors: readonly WeightTensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const fields: string[] = [];
  const pairs = Object.entries(metadata).sort(([a], [b]) => compareCodePoints(a, b));
  if (pairs.length > 0) fields.push(`${JSON.stringify(METADATA_KEY)}:${jsonObject(pairs)}`);
  let begin = 0;
  for (const { name, dtype, shape } of tensors) {
    const end = begin + elementCount(shape) * BYTES_PER_ELEMENT[dtype];
    // Built as text: as keys of an object, names like "0" would change places.
    fields.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [begin, end] })}`);
    begin = end;
  }
  const text = new TextEncoder().encode(`{${fields.join(',')}}`);
  const padded = Math.ceil(text.length / 8) * 8;
  if (padded > MAXIMUM_HEADER_BYTES) {
    throw new EimError({
      code: 'invalid-argument',
      message: `The safetensors header would take ${padded} bytes, above the format's limit of ${MAXIMUM_HEADER_BYTES}.`,
    });
  }
  const header = new Uint8Array(LENGTH_BYTES + padded).fill(0x20); // spaces after the JSON
  new DataView(header.buffer).setBigUint64(0, BigInt(padded), true);
  header.set(text, LENGTH_BYTES);
  return header;
}

function jsonObject(pairs: readonly (readonly [string, string])[]): string {
  return `{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`;
}

/** Order of the UTF-8 bytes, which for valid Unicode is that of the code points. */
function compareCodePoints(a: string, b: string): number {
  const left = Array.from(a, (character) => character.codePointAt(0)!);
  const right = Array.from(b, (character) => character.codePointAt(0)!);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    if (left[i] !== right[i]) return left[i]! - right[i]!;
  }
  return left.length - right.length;
}
