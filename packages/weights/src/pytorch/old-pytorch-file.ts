import type { WeightTensor } from '../dtype.js';
import { fileFault } from '../file-fault.js';
import type { RandomAccessSource } from '../random-access-source.js';
import { TensorTable } from '../tensor-table.js';
import { bitsPerElement } from '../unread-encoding.js';
import type { ModelPlace, TensorDescription } from '../weight-file.js';
import { readContents } from './checkpoint-contents.js';
import { type OldPickles, readOldPickles } from './old-pickles.js';
import type { StorageReference, TensorReference } from './pickle-value.js';
import { readTensor } from './read-tensor.js';

interface Entry extends TensorDescription {
  readonly tensor: TensorReference;
  /** Of the storage's bytes, from the start of the file. */
  readonly start: number;
}

/** The number of elements before each storage. */
const COUNT_BYTES = 8;

/**
 * A checkpoint in the layout of PyTorch before 1.6, as the first files of GPT-2 at Hugging Face have it: five pickles
 * in a row, then all storages (torch/serialization.py, `_legacy_save`). Read as data, as newer ones.
 */
export class OldPytorchFile extends TensorTable<Entry> {
  readonly format = 'pytorch';

  private constructor(
    private readonly source: RandomAccessSource,
    entries: ReadonlyMap<string, Entry>,
    readonly metadata: Readonly<Record<string, unknown>>,
    readonly modelPlace: ModelPlace,
  ) {
    super(source.name, entries);
  }

  /** @throws EimError `invalid-file` naming what is wrong, or what the pickle asks for that is not allowed */
  static async open(source: RandomAccessSource): Promise<OldPytorchFile> {
    try {
      const pickles = await readOldPickles(source);
      const { tensors, metadata, modelPlace } = readContents(pickles.contents);
      const starts = await storageStarts(source, pickles);
      const entries = new Map<string, Entry>();
      for (const [name, tensor] of tensors) {
        const start = starts.get(tensor.storage.key);
        if (start === undefined) throw new RangeError(`tensor "${name}" lies in a storage that it lacks`);
        const { dtype, shape } = tensor;
        entries.set(name, { name, dtype, encoding: dtype, shape, tensor, start });
      }
      return new OldPytorchFile(source, entries, metadata, modelPlace);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      throw fileFault(source.name, `as a PyTorch checkpoint it cannot be read: ${cause.message}`, {}, cause);
    }
  }

  async read(name: string): Promise<WeightTensor> {
    const { tensor, start } = this.info(name);
    return await readTensor(this.source, name, tensor, () => start);
  }

  async close(): Promise<void> {
    await this.source.close?.();
  }
}

/** Where each storage's bytes begin: one lies behind the other, each behind its number of elements. */
async function storageStarts(
  source: RandomAccessSource,
  { storages, order, end }: OldPickles,
): Promise<ReadonlyMap<string, number>> {
  const starts = new Map<string, number>();
  let at = end;
  for (const key of order) {
    const storage = storages.get(key);
    if (storage === undefined) throw new RangeError(`it holds a storage ${key} that no tensor is of`);
    const start = at + COUNT_BYTES;
    at = start + byteLengthOf(storage);
    if (at > source.size) throw new RangeError(`storage ${key} ends at byte ${at} of ${source.size}`);
    const bytes = await source.read(start - COUNT_BYTES, COUNT_BYTES);
    const count = Number(new DataView(bytes.buffer, bytes.byteOffset, COUNT_BYTES).getBigInt64(0, true));
    if (count !== storage.length) {
      throw new RangeError(`storage ${key} has ${count} elements and should have ${storage.length}`);
    }
    starts.set(key, start);
  }
  return starts;
}

const byteLengthOf = ({ dtype, length }: StorageReference): number =>
  length * (dtype === undefined ? 1 : bitsPerElement(dtype) / 8);
