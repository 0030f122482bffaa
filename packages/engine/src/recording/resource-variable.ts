import type { DataId, TensorInfo, Variable } from '@tensorflow/tfjs-core';
import { engine } from '@tensorflow/tfjs-core';
import type { RecordingBackend, TensorFlowData } from '../tensorflow/tensorflow-backend.js';
import {
  ATTRIBUTE,
  type OpAttribute,
  type RecordingBinding,
  TF_FLOAT,
} from '../tensorflow/tensorflow-binding.js';

export const FLOAT_ATTRIBUTE: readonly OpAttribute[] = [
  { name: 'dtype', type: ATTRIBUTE.type, value: TF_FLOAT },
];

let count = 0;
const names = new WeakMap<Variable, string>();
const byHandle = new Map<number, ResourceData>();

/** The resource whose handle a tensor number stands for. */
export function resourceOfHandle(id: number): ResourceData | undefined {
  return byHandle.get(id);
}

/**
 * A variable's data as a TensorFlow resource, which updates change in place. It reads like any tensor's data: the
 * number of its tensor is read from the resource when somebody asks.
 */
export class ResourceData implements TensorFlowData {
  readonly values = null;
  readonly dtype = TF_FLOAT;
  refCount = 1;
  readonly handle: number;
  readonly attributes: readonly OpAttribute[];
  #read = -1;

  constructor(
    private readonly binding: RecordingBinding,
    readonly name: string,
    readonly shape: number[],
  ) {
    this.attributes = [
      ...FLOAT_ATTRIBUTE,
      { name: 'shape', type: ATTRIBUTE.shape, value: shape },
      { name: 'container', type: ATTRIBUTE.string, value: '' },
      { name: 'shared_name', type: ATTRIBUTE.string, value: name },
    ];
    this.handle = binding.executeOp('VarHandleOp', this.attributes, [], 1)[0]!.id;
    byHandle.set(this.handle, this);
  }

  get id(): number {
    if (this.#read < 0)
      this.#read = this.binding.executeOp('ReadVariableOp', FLOAT_ATTRIBUTE, [this.handle], 1)[0]!.id;
    return this.#read;
  }

  /** Forgets what was read: an update follows, which would copy memory that somebody still holds. */
  forget(): void {
    if (this.#read >= 0) this.binding.deleteTensor(this.#read);
    this.#read = -1;
  }

  /** What was read becomes the caller's to delete. */
  takeRead(): number {
    const { id } = this;
    this.#read = -1;
    return id;
  }

  destroy(): void {
    this.forget();
    this.binding.executeOp('DestroyResourceOp', [], [this.handle], 0);
    this.abandon();
  }

  /** The resource lives on under another handle. */
  abandon(): void {
    byHandle.delete(this.handle);
    this.binding.deleteTensor(this.handle);
  }
}

/** The variable's data as a resource, where it is one. */
export function resourceOf(backend: RecordingBackend, variable: Variable): ResourceData | undefined {
  const data = backend.tensorMap.get(variable.dataId);
  return data instanceof ResourceData ? data : undefined;
}

/** Every variable whose data lie in a resource. */
export function variablesByResource(backend: RecordingBackend): Map<ResourceData, Variable> {
  const found = new Map<ResourceData, Variable>();
  for (const variable of Object.values(engine().registeredVariables) as Variable[]) {
    if (!backend.tensorMap.has(variable.dataId)) continue;
    const resource = resourceOf(backend, variable);
    if (resource) found.set(resource, variable);
  }
  return found;
}

/** Moves a variable's value into a resource, unless it lies in one already. */
export function promote(backend: RecordingBackend, variable: Variable): ResourceData {
  const known = resourceOf(backend, variable);
  if (known) return known;
  releaseResources(backend);
  const name = names.get(variable) ?? `eim/${++count}`;
  names.set(variable, name);
  const { binding } = backend;
  const [value] = backend.getInputTensorIds([variable]);
  // The value may lie in JavaScript's memory, which only this thread may give back: the resource gets its own.
  const type = [{ name: 'T', type: ATTRIBUTE.type, value: TF_FLOAT }];
  const copy = binding.executeOp('DeepCopy', type, [value!], 1)[0]!.id;
  const data = new ResourceData(binding, name, [...variable.shape]);
  binding.executeOp('AssignVariableOp', FLOAT_ATTRIBUTE, [data.handle, copy], 0);
  binding.deleteTensor(copy);
  replaceData(backend, variable, data);
  return data;
}

/** Before an update: copies that others hold of the variable keep the value that they have. */
export function prepareUpdate(backend: RecordingBackend, variable: Variable): ResourceData {
  const data = promote(backend, variable);
  if (data.refCount === 1) {
    data.forget();
    return data;
  }
  const { shape, dtype, refCount } = data;
  const kept = { shape, dtype, values: null, id: data.takeRead(), refCount };
  backend.tensorMap.set(variable.dataId, kept);
  const own = new ResourceData(backend.binding, data.name, [...variable.shape]);
  data.abandon();
  replaceData(backend, variable, own);
  return own;
}

function replaceData(backend: RecordingBackend, variable: Variable, data: ResourceData): void {
  const dataId: DataId = {};
  backend.tensorMap.set(dataId, data);
  const info: TensorInfo = { dataId, shape: variable.shape, dtype: 'float32' };
  const holder = engine().makeTensorFromTensorInfo(info, backend);
  variable.assign(holder);
  holder.dispose();
}

const watched = new WeakSet<RecordingBackend>();

/** Teaches a backend to free resources with their variables. */
function releaseResources(backend: RecordingBackend): void {
  if (watched.has(backend)) return;
  watched.add(backend);
  const dispose = backend.disposeData.bind(backend);
  backend.disposeData = (dataId: DataId, force = false): boolean => {
    const data = backend.tensorMap.has(dataId) ? backend.tensorMap.get(dataId) : undefined;
    if (!(data instanceof ResourceData)) return dispose(dataId, force);
    if (!force && data.refCount > 1) {
      data.refCount--;
      return false;
    }
    const { shape, dtype } = data;
    data.destroy();
    backend.tensorMap.set(dataId, { shape, dtype, values: null, id: -1, refCount: 1 });
    return dispose(dataId, true);
  };
}
