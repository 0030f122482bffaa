import { EimError } from '@eim/contracts';
import type { WeightTensor } from './dtype.js';
import type { RandomAccessSource } from './random-access-source.js';
import type { SafetensorsHeader, TensorInfo } from './safetensors-header.js';
import { readSafetensorsHeader } from './safetensors-header.js';
import { decodeTensorData } from './tensor-data.js';

/** A safetensors file whose tensors are read one at a time, each by its byte range. */
export class SafetensorsFile {
  private constructor(
    private readonly source: RandomAccessSource,
    private readonly header: SafetensorsHeader,
  ) {}

  /** Reads and checks the header. @throws EimError `invalid-file` */
  static async open(source: RandomAccessSource): Promise<SafetensorsFile> {
    return new SafetensorsFile(source, await readSafetensorsHeader(source));
  }

  /** For messages: the path or address that was opened. */
  get name(): string {
    return this.source.name;
  }

  get metadata(): Readonly<Record<string, string>> {
    return this.header.metadata;
  }

  /** In the order of their bytes. */
  get tensorNames(): readonly string[] {
    return [...this.header.tensors.keys()];
  }

  has(name: string): boolean {
    return this.header.tensors.has(name);
  }

  /** @throws EimError `invalid-data` where there is no such tensor */
  info(name: string): TensorInfo {
    const info = this.header.tensors.get(name);
    if (info) return info;
    throw new EimError({
      code: 'invalid-data',
      message: `${this.name} has no tensor "${name}".`,
      advice: `It has ${this.header.tensors.size}: ${summary(this.tensorNames)}.`,
      data: { file: this.name, tensor: name },
    });
  }

  /** Reads one tensor; half and bfloat come as Float32Array, 64-bit integers as BigInt arrays. */
  async read(name: string): Promise<WeightTensor> {
    const { dtype, shape, offset, byteLength } = this.info(name);
    const bytes = await this.source.read(offset, byteLength);
    return { name, dtype, shape, data: decodeTensorData(bytes, dtype) };
  }

  /** All tensors, one in memory at a time. */
  async *tensors(): AsyncGenerator<WeightTensor> {
    for (const name of this.header.tensors.keys()) yield await this.read(name);
  }

  async close(): Promise<void> {
    await this.source.close?.();
  }
}

function summary(names: readonly string[]): string {
  const shown = names.slice(0, 8).join(', ');
  return names.length > 8 ? `${shown}, ...` : shown || 'none';
}
