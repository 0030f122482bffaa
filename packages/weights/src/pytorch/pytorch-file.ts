import { EimError } from '@eim/contracts';
import type { WeightTensor } from '../dtype.js';
import { fileFault } from '../file-fault.js';
import type { RandomAccessSource } from '../random-access-source.js';
import { TensorTable } from '../tensor-table.js';
import { bitsPerElement } from '../unread-encoding.js';
import type { ModelPlace, TensorDescription } from '../weight-file.js';
import { readContents } from './checkpoint-contents.js';
import type { TensorReference } from './pickle-value.js';
import { readTensor } from './read-tensor.js';
import { TORCH_ACTIONS } from './torch-actions.js';
import { unpickle } from './unpickle.js';
import type { ZipEntry } from './zip-directory.js';
import { readZipDirectory, zipEntryStart } from './zip-directory.js';

/** Checkpoints of the largest models, optimizer included, have pickles of a few megabytes. */
const MAXIMUM_PICKLE_BYTES = 64_000_000;

interface Entry extends TensorDescription {
  readonly tensor: TensorReference;
  readonly storage: ZipEntry;
}

/**
 * A `.pt`, `.pth` or `.bin` checkpoint that `torch.save` wrote (PyTorch 1.6 and newer), or a TorchScript
 * archive. Its pickle is read as data: nothing that it names is looked up or run.
 */
export class PytorchFile extends TensorTable<Entry> {
  private constructor(
    private readonly source: RandomAccessSource,
    readonly format: 'pytorch' | 'torchscript',
    entries: ReadonlyMap<string, Entry>,
    readonly metadata: Readonly<Record<string, unknown>>,
    readonly modelPlace: ModelPlace | undefined,
  ) {
    super(source.name, entries);
  }

  /** @throws EimError `invalid-file` naming what is wrong, or what the pickle asks for that is not allowed */
  static async open(source: RandomAccessSource): Promise<PytorchFile> {
    const zip = await readZipDirectory(source);
    const folder = folderOf(source.name, zip);
    const order = zip.get(`${folder}byteorder`);
    if (order && (await readText(source, order)) === 'big') {
      throw fileFault(source.name, 'its numbers are big-endian, as no current machine writes them');
    }
    const pickle = zip.get(`${folder}data.pkl`)!;
    if (pickle.byteLength > MAXIMUM_PICKLE_BYTES) {
      throw fileFault(
        source.name,
        `its data.pkl has ${pickle.byteLength} bytes, too many for names and shapes`,
      );
    }
    const bytes = await source.read(await zipEntryStart(source, pickle), pickle.byteLength);
    const { tensors, metadata, modelPlace } = explained(source.name, () =>
      readContents(unpickle(bytes, TORCH_ACTIONS)),
    );
    const entries = new Map<string, Entry>();
    for (const [name, tensor] of tensors) {
      const storage = storageOf(source.name, name, tensor, zip.get(`${folder}data/${tensor.storage.key}`));
      entries.set(name, {
        name,
        dtype: tensor.dtype,
        encoding: tensor.dtype,
        shape: tensor.shape,
        tensor,
        storage,
      });
    }
    const scripted = zip.has(`${folder}constants.pkl`);
    const format = scripted ? 'torchscript' : 'pytorch';
    return new PytorchFile(source, format, entries, metadata, scripted ? undefined : modelPlace);
  }

  async read(name: string): Promise<WeightTensor> {
    const { tensor, storage } = this.info(name);
    return await readTensor(this.source, name, tensor, () => zipEntryStart(this.source, storage));
  }

  async close(): Promise<void> {
    await this.source.close?.();
  }
}

/** The archive's one folder, called after the file or `archive`. */
function folderOf(file: string, zip: ReadonlyMap<string, ZipEntry>): string {
  for (const name of zip.keys()) {
    const [, folder] = /^((?:[^/]+\/)?)data\.pkl$/.exec(name) ?? [];
    if (folder !== undefined) return folder;
  }
  const ancient = [...zip.keys()].some((name) => /^(?:[^/]+\/)?model\.json$/.test(name));
  throw ancient
    ? new EimError({
        code: 'invalid-file',
        message: `${file} is a TorchScript archive of PyTorch before 1.4, which keeps its weights in program code.`,
        advice: 'Save it again with a newer PyTorch: `torch.jit.load(f).save(g)`.',
        data: { file },
      })
    : fileFault(file, 'it is a zip archive, but no PyTorch checkpoint: it has no data.pkl');
}

async function readText(source: RandomAccessSource, entry: ZipEntry): Promise<string> {
  const length = Math.min(entry.byteLength, 16);
  return new TextDecoder().decode(await source.read(await zipEntryStart(source, entry), length));
}

function storageOf(
  file: string,
  name: string,
  { storage, dtype }: TensorReference,
  entry: ZipEntry | undefined,
): ZipEntry {
  if (!entry) throw fileFault(file, `tensor "${name}" lies in data/${storage.key}, which it lacks`);
  const needed = storage.dtype ? (storage.length * bitsPerElement(dtype)) / 8 : storage.length;
  if (entry.stored && entry.byteLength >= needed) return entry;
  throw fileFault(
    file,
    entry.stored
      ? `tensor "${name}" lies in data/${storage.key}, which has ${entry.byteLength} bytes of ${needed}`
      : `"${entry.name}" in it is compressed, which PyTorch never does`,
    { tensor: name },
  );
}

function explained<Result>(file: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw fileFault(file, `data.pkl in it cannot be read: ${cause.message}`, {}, cause);
  }
}
