import { EimError } from '@eim/contracts';
import type { WeightTensor } from './dtype.js';
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
