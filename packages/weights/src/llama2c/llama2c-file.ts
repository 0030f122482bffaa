import { EimError } from '@eim/contracts';
import type { WeightTensor } from '../dtype.js';
import { elementCount } from '../dtype.js';
import { fileFault } from '../file-fault.js';
import type { RandomAccessSource } from '../random-access-source.js';
import { decodeTensorData } from '../tensor-data.js';
import { TensorTable } from '../tensor-table.js';
import { HEADER_BYTES, type Llama2cHeader, readLlama2cHeader } from './llama2c-config.js';
import { type Llama2cTensor, llama2cBytes, llama2cTensors } from './llama2c-layout.js';

/**
 * A model in llama2.c's `.bin` layout, fp32 (versions 0 and 1). Tensors have Meta's names and rotate interleaved
 * pairs, as Meta's do; `output.weight` is absent where the classifier is the token embedding.
 */
export class Llama2cFile extends TensorTable<Llama2cTensor> {
  readonly format = 'llama2.c';
  readonly metadata: Readonly<Record<string, unknown>>;

  private constructor(
    private readonly source: RandomAccessSource,
    header: Llama2cHeader,
  ) {
    super(source.name, llama2cTensors(header));
    this.metadata = { ...header.config };
  }

  /**
   * The file, or undefined where it is none: the legacy layout has no signature, so a file is one where its size
   * is exactly what its first seven numbers need.
   * @throws EimError `invalid-file` for a quantised file and for one with a signature but another size
   */
  static async tryOpen(source: RandomAccessSource): Promise<Llama2cFile | undefined> {
    const header = readLlama2cHeader(await source.read(0, Math.min(HEADER_BYTES, source.size)));
    if (!header) return undefined;
    if (header.version > 1) {
      throw new EimError({
        code: 'invalid-file',
        message: `${source.name} is a llama2.c model of version ${header.version} (quantised), which is not read.`,
        advice: 'Export it in fp32: `python export.py model.bin --version 1`.',
        data: { file: source.name, version: header.version },
      });
    }
    const needed = llama2cBytes(header);
    if (needed === source.size) return new Llama2cFile(source, header);
    if (header.version === 0) return undefined;
    throw fileFault(source.name, `it has ${source.size} bytes, but its llama2.c header needs ${needed}`);
  }

  async read(name: string): Promise<WeightTensor> {
    const { shape, offset } = this.info(name);
    const bytes = await this.source.read(offset, 4 * elementCount(shape));
    return { name, dtype: 'F32', shape, data: decodeTensorData(bytes, 'F32') };
  }

  async close(): Promise<void> {
    await this.source.close?.();
  }
}
