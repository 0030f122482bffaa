import { OpaqueValue, PickleGlobal, PickleObject, StorageReference } from './pickle-value.js';
import { rebuildTensor } from './rebuild-tensor.js';
import { STORAGE_DTYPES, TORCH_DTYPES } from './torch-dtypes.js';
import type { PickleActions } from './unpickle.js';

type Call = (values: readonly unknown[]) => unknown;

const firstValue: Call = ([value]) => value;
const noValue: Call = () => null;
const dictionary: Call = ([items]) => new Map(pairsOf(items));

/** What stands in for each class and function that checkpoints name. Any other is an {@link OpaqueValue}. */
const WHITELIST: Readonly<Record<string, Call>> = {
  'torch._utils._rebuild_tensor_v2': rebuildTensor,
  'torch._utils._rebuild_tensor_v3': rebuildTensor,
  'torch._utils._rebuild_parameter': firstValue,
  'torch._utils._rebuild_parameter_with_state': firstValue,
  'torch.Size': firstValue,
  'torch.device': firstValue,
  'collections.OrderedDict': dictionary,
  'collections.defaultdict': () => new Map(),
  'collections.Counter': dictionary,
  'builtins.dict': dictionary,
  'builtins.set': ([items = []]) => items,
  'builtins.list': ([items = []]) => items,
  'argparse.Namespace': () => new PickleObject('argparse.Namespace'),
  'types.SimpleNamespace': () => new PickleObject('types.SimpleNamespace'),
  'pathlib.PosixPath': (parts) => parts.join('/'),
  '_codecs.encode': firstValue,
  // Numbers that NumPy made, as `best_loss`: their bytes are not needed.
  'numpy.dtype': () => new PickleObject('numpy.dtype'),
  'numpy.core.multiarray.scalar': noValue,
  'numpy._core.multiarray.scalar': noValue,
  'torch.jit._pickle.build_intlist': firstValue,
  'torch.jit._pickle.build_doublelist': firstValue,
  'torch.jit._pickle.build_boollist': firstValue,
  'torch.jit._pickle.build_tensorlist': firstValue,
  'torch.jit._pickle.restore_type_tag': firstValue,
};
/** Modules of a TorchScript archive: classes of its own code, which is not read. */
const SCRIPTED = /^__torch__\./;

/** Nothing that a pickle names is looked up or run, whether it is on the list or not. @throws RangeError for what cannot be */
export const TORCH_ACTIONS: PickleActions = {
  find(reference) {
    const { module, name } = reference;
    const path = reference.path.replace(/^__builtin__\./, 'builtins.');
    if (module === 'torch' && Object.hasOwn(TORCH_DTYPES, name)) return TORCH_DTYPES[name];
    if (module === 'torch' && Object.hasOwn(STORAGE_DTYPES, name)) return reference;
    if (Object.hasOwn(WHITELIST, path) || SCRIPTED.test(path)) return new PickleGlobal('', path);
    if (/^torch(\.storage)?\.UntypedStorage$/.test(path)) return reference;
    return new OpaqueValue(path);
  },

  call(callee, values) {
    if (callee instanceof OpaqueValue) return new OpaqueValue(callee.path);
    if (!(callee instanceof PickleGlobal)) throw new RangeError('it calls what is no class or function');
    if (SCRIPTED.test(callee.name)) return new PickleObject(callee.name);
    const call = Object.hasOwn(WHITELIST, callee.name) ? WHITELIST[callee.name] : undefined;
    if (!call) throw new RangeError(`it calls ${callee.path}`);
    return call(values) ?? null;
  },

  setState(target, state) {
    if (target instanceof PickleObject && state instanceof Map) target.attributes = state;
    // State of dictionaries (`_metadata` of a state dict) says nothing about tensors.
  },

  persistent(id) {
    // a sixth value, which only PyTorch before 0.4 wrote, makes the storage a part of another
    const [kind, storage, key, , length, view = null] = Array.isArray(id) ? id : [];
    if (kind === 'storage' && storage instanceof OpaqueValue) return storage;
    if (kind !== 'storage' || !(storage instanceof PickleGlobal) || typeof key !== 'string') {
      throw new RangeError('it refers to something outside that is no storage');
    }
    if (view !== null)
      throw new RangeError(`storage ${key} is a part of another, as only PyTorch before 0.4 wrote`);
    if (!Number.isSafeInteger(length) || length < 0) throw new RangeError(`storage ${key} has no length`);
    return new StorageReference(key, STORAGE_DTYPES[storage.name], length);
  },
};

function pairsOf(items: unknown): [unknown, unknown][] {
  if (items instanceof Map) return [...items];
  if (!Array.isArray(items)) return [];
  return items.filter((item): item is [unknown, unknown] => Array.isArray(item) && item.length === 2);
}
