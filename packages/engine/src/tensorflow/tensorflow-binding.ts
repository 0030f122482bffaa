/** A dtype as TensorFlow numbers them (tensorflow/c/tf_datatype.h). */
export const TF_FLOAT = 1;
export const TF_INT32 = 3;
export const TF_RESOURCE = 20;

/** An attribute's kind as TensorFlow numbers them (tensorflow/c/tf_attrtype.h). */
export const ATTRIBUTE = { string: 0, int: 1, float: 2, bool: 3, type: 4, shape: 5 } as const;

export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** One result of an operation. */
export interface OutputInfo {
  readonly id: number;
  readonly dtype: number;
  readonly shape: number[];
}

/** A result whose sizes may be known at run time alone: -1, or null where even the rank is. */
export interface InferredOutput {
  readonly dtype: number;
  readonly shape: number[] | null;
}

/** The compiled binding of @tensorflow/tfjs-node: tensors and operations by number. */
export interface TensorFlowBinding {
  readonly TF_Version: string;
  isUsingGpuDevice(): boolean;
  createTensor(shape: readonly number[], dtype: number, values: unknown): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): unknown;
  executeOp(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): OutputInfo[];
  getNumOfTensors(): number;
}

/** What native/tensorflow/recorded_functions.cc adds to it. */
export interface RecordingBinding extends TensorFlowBinding {
  /** The operations of native/tensorflow/fused_kernels.cc that it was compiled with; an older one says true or nothing. */
  readonly ownKernels?: readonly string[] | true;
  beginGraph(): number;
  discardGraph(graph: number): void;
  addOperation(
    graph: number,
    op: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    after: readonly number[],
  ): InferredOutput[];
  addConstant(graph: number, tensor: number): InferredOutput[];
  defineFunction(
    graph: number,
    name: string,
    inputs: readonly number[],
    outputs: readonly number[],
    effects: readonly number[],
  ): void;
  removeFunction(name: string): void;
  /** See native/tensorflow/collectives.h; a binding that was built earlier lacks them. */
  joinCluster(serverDefinition: string, rank: number): Promise<void>;
  abortCollectives(reason: string): void;
  collective(
    kind: 'sum' | 'send' | 'receive' | 'gather',
    group: number,
    instance: number,
    size: number,
    tensorOrShape: number | readonly number[],
  ): Promise<OutputInfo>;
  /** Why the NVIDIA driver gives no device; empty where it does. */
  gpuProblem(): string;
}
