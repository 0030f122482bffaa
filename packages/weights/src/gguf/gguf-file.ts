import type { PublishedBlocks } from '@eim/contracts';
import type { WeightTensor } from '../dtype.js';
import { elementCount } from '../dtype.js';
import { isQuantized } from '../quantized-type.js';
import type { RandomAccessSource } from '../random-access-source.js';
import { decodeTensorData } from '../tensor-data.js';
import { TensorTable } from '../tensor-table.js';
import { requireReadable } from '../unread-encoding.js';
import { readValueRuns, type ValueRun } from '../value-runs.js';
import { dequantizeInto } from './dequantize.js';
import { type GgufHeader, type GgufTensor, readGgufHeader } from './gguf-header.js';
import { GGUF_BLOCKS } from './gguf-types.js';
import { storedBlocks } from './stored-blocks.js';

/** A GGUF file; tensors of block formats are widened to F32 when read. */
export class GgufFile extends TensorTable<GgufTensor> {
  readonly format = 'gguf';

  private constructor(
    private readonly source: RandomAccessSource,
    private readonly header: GgufHeader,
  ) {
    super(source.name, header.tensors);
  }

  /** Reads and checks the header. @throws EimError `invalid-file` */
  static async open(source: RandomAccessSource): Promise<GgufFile> {
    return new GgufFile(source, await readGgufHeader(source));
  }

  get metadata(): Readonly<Record<string, unknown>> {
    return this.header.metadata;
  }

  async read(name: string): Promise<WeightTensor> {
    const { encoding, shape, offset, byteLength } = this.info(name);
    requireReadable(this.name, name, encoding);
    const bytes = await this.source.read(offset, byteLength);
    if (!isQuantized(encoding)) {
      return { name, dtype: encoding, shape, data: decodeTensorData(bytes, encoding) };
    }
    const data = new Float32Array(elementCount(shape));
    dequantizeInto(data, bytes, encoding);
    return { name, dtype: 'F32', shape, data };
  }

  override readRuns(name: string, rowLength = 1): AsyncIterable<ValueRun> {
    const { encoding, shape, offset } = this.info(name);
    requireReadable(this.name, name, encoding);
    if (!isQuantized(encoding)) return this.runsOf(this.source, this.info(name), rowLength);
    const { blockElements, blockBytes } = GGUF_BLOCKS[encoding];
    const stored = {
      blockElements,
      blockBytes,
      decode: (bytes: Uint8Array, floats: Float32Array) => dequantizeInto(floats, bytes, encoding),
    };
    const elements = elementCount(shape);
    // whole rows are whole blocks
    const row = Math.max(rowLength, shape.at(-1) ?? 1);
    return readValueRuns(this.source, { offset, elements, rowLength: row, stored });
  }

  blocks(name: string): PublishedBlocks | undefined {
    const { encoding, offset } = this.info(name);
    return storedBlocks(this.source, encoding, offset);
  }

  async close(): Promise<void> {
    await this.source.close?.();
  }
}
