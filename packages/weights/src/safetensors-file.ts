import type { PublishedBlocks } from '@eim/contracts';
import type { WeightTensor } from './dtype.js';
import { storedBlocks } from './gguf/stored-blocks.js';
import type { RandomAccessSource } from './random-access-source.js';
import { readSafetensorsHeader, type SafetensorsHeader } from './safetensors-header.js';
import type { TensorInfo } from './safetensors-tensor.js';
import { decodeTensorData } from './tensor-data.js';
import { TensorTable } from './tensor-table.js';
import { requireReadable } from './unread-encoding.js';
import type { ValueRun } from './value-runs.js';

/** A safetensors file whose tensors are read one at a time, each by its byte range. */
export class SafetensorsFile extends TensorTable<TensorInfo> {
  readonly format = 'safetensors';

  private constructor(
    private readonly source: RandomAccessSource,
    private readonly header: SafetensorsHeader,
  ) {
    super(source.name, header.tensors);
  }

  /** Reads and checks the header. @throws EimError `invalid-file` */
  static async open(source: RandomAccessSource): Promise<SafetensorsFile> {
    return new SafetensorsFile(source, await readSafetensorsHeader(source));
  }

  get metadata(): Readonly<Record<string, string>> {
    return this.header.metadata;
  }

  /** Reads one tensor; half and bfloat come as Float32Array, 64-bit integers as BigInt arrays. */
  async read(name: string): Promise<WeightTensor> {
    const { dtype, shape, offset, byteLength } = this.info(name);
    requireReadable(this.name, name, dtype);
    const bytes = await this.source.read(offset, byteLength);
    return { name, dtype, shape, data: decodeTensorData(bytes, dtype) };
  }

  override readRuns(name: string, rowLength = 1): AsyncIterable<ValueRun> {
    return this.runsOf(this.source, this.info(name), rowLength);
  }

  /** Halves may stay so. */
  blocks(name: string): PublishedBlocks | undefined {
    const { encoding, offset } = this.info(name);
    return storedBlocks(this.source, encoding, offset);
  }

  async close(): Promise<void> {
    await this.source.close?.();
  }
}
