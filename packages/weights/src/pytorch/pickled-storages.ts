import { PickleReader } from './pickle-reader.js';
import { PickleGlobal, StorageReference } from './pickle-value.js';
import { TORCH_ACTIONS } from './torch-actions.js';
import { type PickleActions, unpickle, unpickleNext } from './unpickle.js';

const LOAD = 'torch.storage._load_from_bytes';
/** Pickles before the storage itself: magic number, protocol, facts about the machine. */
const BEFORE = 3;

/** What Python's own `pickle` makes of objects with tensors: each storage lies inside, as `torch.save` wrote it before 1.6. */
export interface PickledObjects {
  readonly root: unknown;
  /** The values of a storage, in little-endian bytes. */
  bytesOf(storage: StorageReference): Uint8Array;
}

/** Reads such a pickle as data; nothing is looked up or run. @throws RangeError with the fault as a clause */
export function unpickleWithStorages(bytes: Uint8Array): PickledObjects {
  const contents = new Map<StorageReference, Uint8Array>();
  const actions: PickleActions = {
    ...TORCH_ACTIONS,
    find: (reference) => (reference.path === LOAD ? reference : TORCH_ACTIONS.find(reference)),
    call(callee, values) {
      if (!(callee instanceof PickleGlobal && callee.path === LOAD))
        return TORCH_ACTIONS.call(callee, values);
      const [inner] = values;
      if (!(inner instanceof Uint8Array)) throw new RangeError('a storage in it is none');
      const { storage, values: found } = readStorage(inner);
      contents.set(storage, found);
      return storage;
    },
  };
  const root = unpickle(bytes, actions);
  return { root, bytesOf: (storage) => contents.get(storage)! };
}

function readStorage(bytes: Uint8Array): { storage: StorageReference; values: Uint8Array } {
  const reader = new PickleReader(bytes);
  for (let count = 0; count < BEFORE; count++) unpickleNext(reader, TORCH_ACTIONS);
  const storage = unpickleNext(reader, TORCH_ACTIONS);
  unpickleNext(reader, TORCH_ACTIONS); // keys of all storages: this one
  if (!(storage instanceof StorageReference)) throw new RangeError('a storage in it is none');
  const count = reader.uint64();
  if (count !== storage.length)
    throw new RangeError(`a storage in it has ${count} elements and should have ${storage.length}`);
  return { storage, values: Uint8Array.from(bytes.subarray(reader.position)) }; // aligned
}
