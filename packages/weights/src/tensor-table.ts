import { EimError } from '@eim/contracts';
import { elementCount, type WeightTensor } from './dtype.js';
import { floatValues } from './narrow-tensor.js';
import type { RandomAccessSource } from './random-access-source.js';
import { FLOAT_STORAGE, readValueRuns, type StoredFloats, type ValueRun } from './value-runs.js';
import type { TensorDescription, WeightFile, WeightFormat } from './weight-file.js';

/** What every reader shares: a table of tensors by name, in the order of the file. */
export abstract class TensorTable<Entry extends TensorDescription> implements WeightFile {
  abstract readonly format: WeightFormat;
  abstract readonly metadata: Readonly<Record<string, unknown>>;

  protected constructor(
    readonly name: string,
    protected readonly entries: ReadonlyMap<string, Entry>,
  ) {}

  get tensorNames(): readonly string[] {
    return [...this.entries.keys()];
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  info(name: string): Entry {
    const entry = this.entries.get(name);
    if (entry) return entry;
    throw missingTensor(this.name, name, this.tensorNames);
  }

  abstract read(name: string): Promise<WeightTensor>;

  readRuns(name: string, _rowLength?: number): AsyncIterable<ValueRun> {
    return this.wholeRun(name);
  }

  private async *wholeRun(name: string): AsyncGenerator<ValueRun> {
    yield { at: 0, values: floatValues(await this.read(name)) };
  }

  /** Runs of a tensor whose elements lie one behind the other, or all of it where each value has to be checked. */
  protected runsOf(
    source: RandomAccessSource,
    { name, encoding, shape, offset }: TensorDescription & { readonly offset: number },
    rowLength: number,
  ): AsyncIterable<ValueRun> {
    const stored = (FLOAT_STORAGE as Readonly<Record<string, StoredFloats>>)[encoding];
    if (!stored) return this.wholeRun(name);
    return readValueRuns(source, { offset, elements: elementCount(shape), rowLength, stored });
  }

  async *tensors(): AsyncGenerator<WeightTensor> {
    for (const name of this.entries.keys()) yield await this.read(name);
  }

  abstract close(): Promise<void>;
}

/** The error for a tensor that a file does not have, with those that it has. */
export function missingTensor(file: string, tensor: string, names: readonly string[]): EimError {
  return new EimError({
    code: 'invalid-data',
    message: `${file} has no tensor "${tensor}".`,
    advice: `It has ${names.length}: ${summary(names)}.`,
    data: { file, tensor },
  });
}

function summary(names: readonly string[]): string {
  const shown = names.slice(0, 8).join(', ');
  return names.length > 8 ? `${shown}, ...` : shown || 'none';
}
