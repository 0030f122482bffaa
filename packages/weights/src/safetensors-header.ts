import { BYTES_PER_ELEMENT, elementCount, isDtype } from './dtype.js';
import { duplicateKey } from './duplicate-key.js';
import { fileFault } from './file-fault.js';
import type { RandomAccessSource } from './random-access-source.js';
import type { TensorDescription } from './weight-file.js';

/** The format's own limit; a longer header is an attack or not a header. */
export const MAXIMUM_HEADER_BYTES = 100_000_000;
/** Bytes of the little-endian header length at the start. */
export const LENGTH_BYTES = 8;
export const METADATA_KEY = '__metadata__';

/** Where one tensor lies. */
export interface TensorInfo extends TensorDescription {
  /** From the start of the file. */
  readonly offset: number;
  readonly byteLength: number;
}

export interface SafetensorsHeader {
  /** In the order of their bytes. */
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads and checks the header of a safetensors file, without touching tensor data. As strict as the format's
 * own library: ranges must cover the data exactly, in order, without gap or overlap.
 * @throws EimError `invalid-file` that names the file, the tensor and the fault
 */
export async function readSafetensorsHeader(source: RandomAccessSource): Promise<SafetensorsHeader> {
  const headerBytes = await headerLength(source);
  const text = decodeText(await source.read(LENGTH_BYTES, headerBytes), source.name);
  const entries = parseEntries(text, source.name);
  const dataStart = LENGTH_BYTES + headerBytes;

  let metadata: Readonly<Record<string, string>> = {};
  const tensors: TensorInfo[] = [];
  for (const [name, entry] of entries) {
    if (name === METADATA_KEY) metadata = checkMetadata(entry, source.name);
    else tensors.push(checkTensor(name, entry, dataStart, source));
  }
  tensors.sort((a, b) => a.offset - b.offset || a.byteLength - b.byteLength);
  checkCoverage(tensors, dataStart, source);
  return { tensors: new Map(tensors.map((tensor) => [tensor.name, tensor])), metadata };
}

async function headerLength(source: RandomAccessSource): Promise<number> {
  const { name: file, size } = source;
  if (size < LENGTH_BYTES) throw fileFault(file, `it has ${size} bytes, too few for a safetensors header`);
  const start = await source.read(0, LENGTH_BYTES);
  const length = new DataView(start.buffer, start.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  if (length > BigInt(MAXIMUM_HEADER_BYTES)) {
    throw fileFault(file, `its header claims ${length} bytes, above the limit of ${MAXIMUM_HEADER_BYTES}`);
  }
  if (Number(length) > size - LENGTH_BYTES) {
    throw fileFault(file, `it is cut off inside its header, which claims ${length} of ${size} bytes`);
  }
  return Number(length);
}

function decodeText(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw fileFault(file, 'its header is not valid UTF-8', {}, cause);
  }
}

function parseEntries(text: string, file: string): [string, unknown][] {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (cause) {
    throw fileFault(file, `its header is not valid JSON (${(cause as Error).message})`, {}, cause);
  }
  if (!isRecord(header)) throw fileFault(file, 'its header is not a JSON object');
  const twice = duplicateKey(text);
  if (twice !== undefined) throw fileFault(file, `its header names "${twice}" twice`, { name: twice });
  const entries = Object.entries(header);
  const broken = entries.find(([name]) => /\p{Surrogate}/u.test(name));
  if (broken) throw fileFault(file, `its header has a name that is not valid Unicode`, { name: broken[0] });
  return entries;
}

function checkMetadata(entry: unknown, file: string): Record<string, string> {
  if (!isRecord(entry)) throw fileFault(file, `${METADATA_KEY} is not a JSON object`);
  for (const [key, value] of Object.entries(entry)) {
    if (typeof value !== 'string') throw fileFault(file, `${METADATA_KEY} "${key}" is not a string`, { key });
  }
  return entry as Record<string, string>;
}

function checkTensor(
  name: string,
  entry: unknown,
  dataStart: number,
  source: RandomAccessSource,
): TensorInfo {
  const fault = (text: string) => fileFault(source.name, `tensor "${name}" ${text}`, { tensor: name });
  if (!isRecord(entry)) throw fault('is not described by a JSON object');
  const unknown = Object.keys(entry).find((key) => !['dtype', 'shape', 'data_offsets'].includes(key));
  if (unknown !== undefined) throw fault(`has the unknown field "${unknown}"`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (!isDtype(dtype)) {
    const known = Object.keys(BYTES_PER_ELEMENT).join(', ');
    throw fault(`has dtype ${JSON.stringify(dtype)}, which is none of ${known}`);
  }
  if (!isCounts(shape)) throw fault(`has shape ${JSON.stringify(shape)}, not a list of sizes`);
  if (!isCounts(offsets) || offsets.length !== 2) {
    throw fault(`has data_offsets ${JSON.stringify(offsets)}, not two positions`);
  }
  const [begin, end] = offsets as [number, number];
  if (begin > end) throw fault(`has data_offsets [${begin}, ${end}] that run backwards`);
  if (dataStart + end > source.size) {
    throw fault(`ends at byte ${dataStart + end}, but the file has ${source.size}: it is cut off`);
  }
  const needed = elementCount(shape) * BYTES_PER_ELEMENT[dtype];
  if (needed !== end - begin) {
    throw fault(`of shape [${shape}] and dtype ${dtype} needs ${needed} bytes, but has ${end - begin}`);
  }
  return { name, dtype, encoding: dtype, shape, offset: dataStart + begin, byteLength: end - begin };
}

/** @param tensors in the order of their bytes */
function checkCoverage(tensors: readonly TensorInfo[], dataStart: number, source: RandomAccessSource): void {
  let covered = dataStart;
  for (const { name, offset, byteLength } of tensors) {
    if (offset !== covered) {
      const fault = offset < covered ? 'overlaps the tensor before it' : 'leaves a gap before it';
      throw fileFault(source.name, `tensor "${name}" ${fault} (at byte ${offset}, expected ${covered})`, {
        tensor: name,
      });
    }
    covered += byteLength;
  }
  if (covered !== source.size) {
    throw fileFault(source.name, `${source.size - covered} bytes at its end belong to no tensor`);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}
