import type { DataId, Tensor, Variable } from '@tensorflow/tfjs-core';
import { engine } from '@tensorflow/tfjs-core';
import type { RecordingBackend, TensorFlowData } from '../tensorflow/tensorflow-backend.js';
import {
  ATTRIBUTE,
  type OpAttribute,
  type OutputInfo,
  type RecordingBinding,
  TF_FLOAT,
} from '../tensorflow/tensorflow-binding.js';
import { valuesHash, valuesText } from './constant-text.js';
import { ResourceOrder } from './resource-order.js';
import { FLOAT_ATTRIBUTE, ResourceData, resourceOfHandle } from './resource-variable.js';
import type { TracedStream, TraceInput } from './trace-inputs.js';
import { TraceProblem } from './trace-problem.js';

/** Numbers of tensors that exist in a graph alone; the binding's own count up from 0. */
const FIRST_TRACED = 2 ** 30;
let nextTraced = FIRST_TRACED;

export function isTraced(id: number): boolean {
  return id >= FIRST_TRACED;
}

/** One operation of a trace: what two traces of the same step must have in common, and where it was called. */
export interface TraceEntry {
  readonly text: string;
  readonly stack: string | undefined;
}

/** The graph of a step while the step is traced: operations are added to it and none is run. */
export class StepTrace {
  readonly graph: number;
  readonly entries: TraceEntry[] = [];
  /** In the order of the function's inputs, each with its placeholder's place. */
  readonly inputs: { readonly input: TraceInput; readonly node: number }[] = [];
  readonly streams: TracedStream[] = [{}];
  /** Places of operations that change variables. */
  readonly effects: number[] = [];
  /** Variables that lie in resources and are updated. */
  readonly updated = new Set<ResourceData>();
  readonly #backend: RecordingBackend;
  /** The real one: while a step is traced, the backend has the trace's. */
  readonly #binding: RecordingBinding;
  readonly #keepStacks: boolean;
  readonly #places = new Map<number, readonly [node: number, output: number]>();
  readonly #idOfData = new Map<DataId, number>();
  readonly #handles = new Map<string, number>();
  readonly #reads = new Map<ResourceData, number>();
  readonly #order = new ResourceOrder();

  constructor(backend: RecordingBackend, keepStacks: boolean) {
    this.#backend = backend;
    this.#binding = backend.binding;
    this.#keepStacks = keepStacks;
    this.graph = backend.binding.beginGraph();
  }

  /** A tensor that replays are given: the caller's own, by name. */
  nameInput(name: string, { dataId, shape }: Tensor): void {
    const { dtype } = this.#backend.tensorMap.get(dataId);
    this.#idOfData.set(dataId, this.#placeholder({ kind: 'named', name }, dtype, shape));
  }

  /** A scalar that replays work out anew. */
  number(read: () => number): number {
    return this.#placeholder({ kind: 'number', read }, TF_FLOAT, []);
  }

  /** An input for draws. @returns its number */
  draw(stream: number, shape: readonly number[]): number {
    return this.#placeholder({ kind: 'draw', stream, shape: [...shape] }, TF_FLOAT, shape);
  }

  /** A tensor of a float input. */
  inputTensor(id: number, shape: readonly number[]): Tensor {
    return this.#backend.createOutputTensor({ id, dtype: TF_FLOAT, shape: [...shape] }) as Tensor;
  }

  forkStream(parent: number, name: string): number {
    return this.streams.push({ parent, name }) - 1;
  }

  /** The graph's stand-in for the data of a tensor from outside, or of one made from values inside. */
  idOf(dataId: DataId, data: TensorFlowData, inside: boolean): number {
    if (data instanceof ResourceData) return this.#read(data);
    if (isTraced(data.id)) {
      if (this.#places.has(data.id)) return data.id;
      throw new TraceProblem('it uses a tensor that another recording made');
    }
    const known = this.#idOfData.get(dataId);
    if (known !== undefined) return known;
    const id = inside
      ? this.constant(data.shape, data.dtype, data.values)
      : this.#placeholder(this.#outsideInput(dataId), data.dtype, data.shape);
    this.#idOfData.set(dataId, id);
    return id;
  }

  /** Values that the step makes in JavaScript: the same at every replay. */
  constant(shape: readonly number[], dtype: number, values: unknown): number {
    if (!(values instanceof Float32Array || values instanceof Int32Array || values instanceof Uint8Array))
      throw new TraceProblem('it makes a tensor that is neither of numbers nor of truth values');
    const tensor = this.#binding.createTensor(shape, dtype, values);
    this.#binding.addConstant(this.graph, tensor);
    this.#binding.deleteTensor(tensor);
    const text = `the values ${valuesText(values)} of shape [${shape}] (hash ${valuesHash(values)})`;
    return this.#place(this.#note(text), 0);
  }

  /** Adds an operation; the results are tensors of the graph. @param afterNodes places of operations that it waits for */
  operation(
    op: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputs: number,
    afterNodes: readonly number[] = [],
  ): OutputInfo[] {
    const resources: ResourceData[] = [];
    const places = inputs.map((id) => {
      const resource = isTraced(id) ? undefined : resourceOfHandle(id);
      if (resource) resources.push(resource);
      const place = this.#places.get(resource ? this.#handle(resource) : id);
      if (place) return place;
      throw new TraceProblem(`'${op}' takes a tensor that the recording does not know`);
    });
    const writes = op === 'ReadVariableOp' ? [] : resources;
    const after = [
      ...new Set(
        op === 'ReadVariableOp'
          ? resources.flatMap((resource) => this.#order.beforeRead(this.#handle(resource)))
          : writes.flatMap((resource) => this.#order.beforeWrite(this.#handle(resource))),
      ),
      ...afterNodes,
    ];
    const results = this.#binding.addOperation(this.graph, op, attributes, places.flat(), after);
    const node = this.#note(`${op} ${JSON.stringify(attributes)} of ${places.join(' ')} after ${after}`);
    this.#order.noteUse(
      node,
      op,
      places.map(([source]) => source),
    );
    for (const resource of writes) this.#noteWrite(resource, node);
    return results.slice(0, outputs).map(({ dtype, shape }, output) => {
      if (shape === null || shape.includes(-1))
        throw new TraceProblem(`the sizes of what '${op}' returns depend on values`);
      return { id: this.#place(node, output), dtype, shape };
    });
  }

  /** Where a tensor of the graph comes from. */
  placeOf(id: number): readonly [node: number, output: number] {
    return this.#places.get(id)!;
  }

  discard(): void {
    this.#binding.discardGraph(this.graph);
  }

  #read(resource: ResourceData): number {
    const known = this.#reads.get(resource);
    if (known !== undefined) return known;
    const { id } = this.operation('ReadVariableOp', FLOAT_ATTRIBUTE, [resource.handle], 1)[0]!;
    this.#order.noteRead(this.#handle(resource), this.placeOf(id)[0]);
    this.#reads.set(resource, id);
    return id;
  }

  #noteWrite(resource: ResourceData, node: number): void {
    this.#order.noteWrite(this.#handle(resource), node);
    this.#reads.delete(resource);
    this.updated.add(resource);
    this.effects.push(node);
  }

  /** The operation that finds a resource by its name. */
  #handle({ name, attributes }: ResourceData): number {
    const known = this.#handles.get(name);
    if (known !== undefined) return known;
    this.#binding.addOperation(this.graph, 'VarHandleOp', attributes, [], []);
    const id = this.#place(this.#note(`the variable ${name}`), 0);
    this.#handles.set(name, id);
    return id;
  }

  #outsideInput(dataId: DataId): TraceInput {
    const variables = Object.values(engine().registeredVariables) as Variable[];
    const variable = variables.find((one) => one.dataId === dataId);
    return variable ? { kind: 'variable', variable } : { kind: 'outside', dataId };
  }

  #placeholder(input: TraceInput, dtype: number, shape: readonly number[]): number {
    const attributes = [
      { name: 'dtype', type: ATTRIBUTE.type, value: dtype },
      { name: 'shape', type: ATTRIBUTE.shape, value: [...shape] },
    ];
    this.#binding.addOperation(this.graph, 'Placeholder', attributes, [], []);
    const node = this.#note(`the input ${JSON.stringify({ ...input, variable: undefined })} of [${shape}]`);
    this.inputs.push({ input, node });
    return this.#place(node, 0);
  }

  #note(text: string): number {
    const stack = this.#keepStacks ? new Error().stack : undefined;
    return this.entries.push({ text, stack }) - 1;
  }

  #place(node: number, output: number): number {
    const id = nextTraced++;
    this.#places.set(id, [node, output]);
    return id;
  }
}
