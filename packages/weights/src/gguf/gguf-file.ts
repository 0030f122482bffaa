import type { WeightTensor } from '../dtype.js';
import { elementCount } from '../dtype.js';
import { isQuantized } from '../quantized-type.js';
import type { RandomAccessSource } from '../random-access-source.js';
import { decodeTensorData } from '../tensor-data.js';
import { TensorTable } from '../tensor-table.js';
import { requireReadable } from '../unread-encoding.js';
import { dequantize } from './dequantize.js';
import { type GgufHeader, type GgufTensor, readGgufHeader } from './gguf-header.js';

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
    return isQuantized(encoding)
      ? { name, dtype: 'F32', shape, data: dequantize(bytes, encoding, elementCount(shape)) }
      : { name, dtype: encoding, shape, data: decodeTensorData(bytes, encoding) };
  }

  async close(): Promise<void> {
    await this.source.close?.();
  }
}
