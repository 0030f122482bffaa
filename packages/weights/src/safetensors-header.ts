import { fileFault } from './file-fault.js';
import type { RandomAccessSource } from './random-access-source.js';
import { HeaderObject, parseHeaderText } from './safetensors-json.js';
import { type HeaderTensor, placeTensor, readTensorEntry, type TensorInfo } from './safetensors-tensor.js';

/** The format's own limit; a longer header is an attack or not a header. */
export const MAXIMUM_HEADER_BYTES = 100_000_000;
/** Bytes of the little-endian header length at the start. */
export const LENGTH_BYTES = 8;
export const METADATA_KEY = '__metadata__';

export interface SafetensorsHeader {
  /** In the order of their bytes. */
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads and checks the header of a safetensors file, without touching tensor data. Accepts and refuses what the
 * format's own library does (safetensors 0.8): ranges must cover the data exactly, in order, without gap or overlap.
 * @throws EimError `invalid-file` that names the file, the tensor and the fault
 */
export async function readSafetensorsHeader(source: RandomAccessSource): Promise<SafetensorsHeader> {
  const headerBytes = await headerLength(source);
  const entries = parseHeaderText(await source.read(LENGTH_BYTES, headerBytes), source.name);
  const dataStart = LENGTH_BYTES + headerBytes;

  let metadata: Readonly<Record<string, string>> | undefined;
  // of equal names the last counts, as in the library
  const described = new Map<string, HeaderTensor>();
  for (const [name, entry] of entries) {
    if (name !== METADATA_KEY) described.set(name, readTensorEntry(name, entry, source.name));
    else if (metadata) throw fileFault(source.name, `its header has ${METADATA_KEY} twice`);
    else metadata = readMetadata(entry, source.name);
  }
  const ordered = [...described.values()]
    .map((tensor) => placeTensor(tensor, dataStart, source))
    .sort((a, b) => a.offset - b.offset || a.byteLength - b.byteLength);
  checkCoverage(ordered, dataStart, source);
  return { tensors: new Map(ordered.map((tensor) => [tensor.name, tensor])), metadata: metadata ?? {} };
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

/** String pairs; null says as much as none. */
function readMetadata(entry: unknown, file: string): Record<string, string> {
  if (entry === null) return {};
  if (!(entry instanceof HeaderObject)) throw fileFault(file, `${METADATA_KEY} is not a JSON object`);
  const wrong = entry.entries.find(([, value]) => typeof value !== 'string');
  if (wrong) throw fileFault(file, `${METADATA_KEY} "${wrong[0]}" is not a string`, { key: wrong[0] });
  return Object.fromEntries(entry.entries as readonly [string, string][]);
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
