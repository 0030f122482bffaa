import type { RandomStream } from '@eim/contracts/model';
import type { DataId, NamedTensorMap, Tensor, TensorInfo, Variable } from '@tensorflow/tfjs-core';
import { engine, tidy } from '@tensorflow/tfjs-core';
import { addMultiplyAdds, multiplyAddsSoFar } from '../measure/multiply-adds.js';
import type { RecordingBackend } from '../tensorflow/tensorflow-backend.js';
import type { TensorFlowBinding } from '../tensorflow/tensorflow-binding.js';
import { whileTracing } from './active-trace.js';
import { isTraced, StepTrace } from './step-trace.js';
import { TraceProblem } from './trace-problem.js';
import { tracedRandom } from './traced-random.js';

export type StepFunction = (inputs: NamedTensorMap, random: RandomStream | undefined) => readonly Tensor[];

/** A step as a graph. */
export interface TracedStep {
  readonly trace: StepTrace;
  /** Traced tensors: what the step returns, then the new values of variables that it assigned. */
  readonly outputs: readonly number[];
  readonly resultCount: number;
  readonly assigned: readonly Variable[];
  readonly multiplyAdds: number;
}

/**
 * Calls a step with stand-ins: every operation goes into a graph and none is run, so that variables and streams
 * stay as they are. The caller discards the trace.
 * @throws TraceProblem where the step does what a replay could not repeat; whatever the step itself throws
 */
export function traceStep(
  backend: RecordingBackend,
  step: StepFunction,
  inputs: NamedTensorMap,
  random: RandomStream | undefined,
  keepStacks: boolean,
): TracedStep {
  const trace = new StepTrace(backend, keepStacks);
  const before = multiplyAddsSoFar();
  const variables = Object.values(engine().registeredVariables) as Variable[];
  const dataIds = variables.map(({ dataId }) => dataId);
  for (const [name, tensor] of Object.entries(inputs)) trace.nameInput(name, tensor);
  const restoreBackend = redirect(backend, trace);
  try {
    return whileTracing(trace, () => {
      let traced: TracedStep | undefined;
      tidy(() => {
        const results = step(inputs, random && tracedRandom(trace, 0));
        const assigned = variables.filter((variable, index) => variable.dataId !== dataIds[index]);
        const outputs = backend.getInputTensorIds([...results, ...assigned]);
        const multiplyAdds = multiplyAddsSoFar() - before;
        traced = { trace, outputs, resultCount: results.length, assigned, multiplyAdds };
      });
      return traced!;
    });
  } catch (error) {
    trace.discard();
    throw error;
  } finally {
    addMultiplyAdds(before - multiplyAddsSoFar());
    for (const [index, variable] of variables.entries()) giveBack(variable, dataIds[index]!);
    restoreBackend();
  }
}

/** A variable that was assigned while tracing has its own data again. */
function giveBack(variable: Variable, dataId: DataId): void {
  if (variable.dataId === dataId) return;
  engine().disposeTensor(variable);
  (variable as { dataId: DataId }).dataId = dataId;
  engine().incRef(variable, null as never);
}

/** Turns the backend's operations into the graph's; returns what undoes that. */
function redirect(backend: RecordingBackend, trace: StepTrace): () => void {
  const real = backend.binding;
  const inside = new Set<DataId>();
  const { write, disposeData } = backend;
  const own = { binding: real, ...ownMethods(backend) };
  const readBack = (): never => {
    throw new TraceProblem('it reads a value back, which a replay could not');
  };
  /** Values that the step made in JavaScript may be looked at: they are the same at every replay. */
  const readSync = (dataId: DataId): unknown => {
    const { values } = inside.has(dataId) ? backend.tensorMap.get(dataId) : { values: null };
    return values ?? readBack();
  };
  const binding = Object.create(real, {
    executeOp: { value: trace.operation.bind(trace) },
    createTensor: { value: trace.constant.bind(trace) },
    deleteTensor: { value: (id: number) => (isTraced(id) ? undefined : real.deleteTensor(id)) },
    tensorDataSync: { value: readBack },
  }) as TensorFlowBinding;
  Object.assign(backend, {
    binding,
    write: (...values: Parameters<typeof write>) => {
      const dataId = write.apply(backend, values);
      inside.add(dataId);
      return dataId;
    },
    getInputTensorIds: (tensors: readonly (TensorInfo & { valueArray?: Int32Array })[]) =>
      tensors.map(({ dataId, valueArray }) =>
        // An Int64Scalar: a whole number in two halves.
        valueArray
          ? trace.constant([], INT64, valueArray)
          : trace.idOf(dataId, backend.tensorMap.get(dataId), inside.has(dataId)),
      ),
    readSync,
    read: async (dataId: DataId) => readSync(dataId),
    disposeData: (dataId: DataId, force = false): boolean => {
      if (!backend.tensorMap.has(dataId)) return true;
      const data = backend.tensorMap.get(dataId);
      const made = inside.has(dataId) || (data.values === null && isTraced(dataIdNumber(data)));
      if (made) return disposeData.call(backend, dataId, force);
      // Real data outlives the trace, also where a variable was assigned another.
      data.refCount--;
      return false;
    },
  });
  return () => {
    for (const name of OVERRIDDEN) delete (backend as unknown as Record<string, unknown>)[name];
    Object.assign(backend, own);
  };
}

const INT64 = 9;
const OVERRIDDEN = ['write', 'getInputTensorIds', 'readSync', 'read', 'disposeData'] as const;

/** Methods that were replaced on this backend before. */
function ownMethods(backend: RecordingBackend): Record<string, unknown> {
  return Object.fromEntries(
    OVERRIDDEN.filter((name) => Object.hasOwn(backend, name)).map((name) => [
      name,
      (backend as unknown as Record<string, unknown>)[name],
    ]),
  );
}

/** The number of a tensor's data without reading a variable. */
function dataIdNumber(data: { readonly id: number; readonly handle?: number }): number {
  return data.handle === undefined ? data.id : -1;
}
