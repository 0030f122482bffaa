import { UnreadFault } from '../file-fault.js';
import type { RandomAccessSource } from '../random-access-source.js';
import { PickleReader } from './pickle-reader.js';
import { OpaqueValue, StorageReference } from './pickle-value.js';
import { TORCH_ACTIONS } from './torch-actions.js';
import { unpickleNext } from './unpickle.js';

/** What stands before the storages of an old checkpoint. */
export interface OldPickles {
  readonly contents: unknown;
  /** By key, those that tensors are of. */
  readonly storages: ReadonlyMap<string, StorageReference>;
  /** Keys in the order of the storages behind. */
  readonly order: readonly string[];
  /** First byte behind the pickles. */
  readonly end: number;
}

/** `MAGIC_NUMBER` and `PROTOCOL_VERSION` of torch/serialization.py. */
const MAGIC = 0x1950a86a20f9469cfc6cn;
const VERSION = 1001;
/** Pickles of names and shapes take kilobytes; they are read in growing pieces. */
const FIRST_BYTES = 2 ** 18;
const MOST_BYTES = 64_000_000;

/** @throws RangeError with the fault as a clause; EimError where the source fails */
export async function readOldPickles(source: RandomAccessSource): Promise<OldPickles> {
  for (let length = FIRST_BYTES; ; length *= 4) {
    const bytes = await source.read(0, Math.min(length, source.size));
    try {
      return parse(bytes);
    } catch (error) {
      const more = error instanceof RangeError && error.message === PickleReader.CUT_OFF;
      if (!more || length >= source.size || length >= MOST_BYTES) throw error;
    }
  }
}

function parse(bytes: Uint8Array): OldPickles {
  const storages = new Map<string, StorageReference>();
  const reader = new PickleReader(bytes);
  const next = () =>
    unpickleNext(reader, {
      ...TORCH_ACTIONS,
      persistent: (id) => {
        const storage = TORCH_ACTIONS.persistent(id);
        if (storage instanceof StorageReference) storages.set(storage.key, storage);
        // where the next storage begins depends on its size
        if (storage instanceof OpaqueValue) {
          throw new UnreadFault(`it ${storage.refusal}`, 'Save it again with a newer PyTorch.');
        }
        return storage;
      },
    });
  if (next() !== MAGIC) throw new RangeError('it is a pickle of something else');
  if (next() !== VERSION) throw new RangeError(`its version is not ${VERSION}`);
  const machine = next();
  if (!(machine instanceof Map) || machine.get('little_endian') !== true) {
    throw new RangeError('its numbers are big-endian, as no current machine writes them');
  }
  const contents = next();
  const order = next();
  if (!Array.isArray(order) || !order.every((key) => typeof key === 'string')) {
    throw new RangeError('it has no list of its storages');
  }
  if (new Set(order).size < order.length) throw new RangeError('it lists a storage twice');
  return { contents, storages, order, end: reader.position };
}
