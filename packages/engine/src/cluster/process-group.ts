import type { Tensor } from '@tensorflow/tfjs-core';
import { onceThere } from '../recording/once-there.js';
import type { RecordingBackend } from '../tensorflow/tensorflow-backend.js';
import type { OutputInfo } from '../tensorflow/tensorflow-binding.js';
import { ATTRIBUTE, type OpAttribute, TF_FLOAT } from '../tensorflow/tensorflow-binding.js';
import { clusterFailure, isOfCluster } from './cluster-failure.js';
import type { ClusterMembership } from './server-definition.js';

/** All processes are in one group, by this key. */
const GROUP = 1;

/**
 * Processes that add up, share and join tensors. Each operation is one that all of them have to call, in the same order; it waits
 * for the slowest without blocking JavaScript. Results are new tensors, which the caller disposes of.
 *
 * Where a process is gone, the others' operations fail with `cluster-failed`, and so does everything after that until the
 * cluster is joined anew.
 */
export class ProcessGroup {
  readonly rank: number;
  readonly size: number;
  readonly #backend: RecordingBackend;
  readonly #membership: ClusterMembership;
  /** Operations of one kind and shape share an instance: TensorFlow remembers the shape of each. */
  readonly #instances = new Map<string, number>();
  /** What was last added up in the step at hand. */
  #lastInStep: Tensor | undefined;

  constructor(backend: RecordingBackend, membership: ClusterMembership) {
    this.#backend = backend;
    this.#membership = membership;
    this.rank = membership.rank;
    this.size = membership.addresses.length;
  }

  /** The sum of all processes' float tensors of one shape: the same bits in every process. */
  sum(tensor: Tensor): Promise<Tensor> {
    return this.#call('sum', tensor.shape, () => this.#idOf(tensor));
  }

  /**
   * The same sum within a step, which may be recorded: it begins as soon as the tensor is there, while whatever else the step
   * computes goes on. Where operations really run, it waits. Its errors are those of the step, which {@link explain} tells.
   * @param place sums of one step have places of their own; a step's order of places is the same in every process
   */
  sumInStep(tensor: Tensor, place: number): Tensor {
    const { shape } = tensor;
    const attributes = sumAttributes(this.size, this.#instanceOf(`in step, ${place} [${shape}]`));
    // Cards add up in the order in which each of them is told to, so that is the same everywhere.
    const before = this.#backend.isUsingGpuDevice && place > 0 ? this.#lastInStep : undefined;
    const own = before ? onceThere(tensor, before) : tensor;
    const sum = this.#backend.executeSingleOutput('CollectiveReduce', attributes, [own]) as Tensor;
    this.#lastInStep = sum;
    return sum;
  }

  /** An error of a step, as `cluster-failed` where it is the cluster's. */
  explain(cause: unknown): unknown {
    return isOfCluster(cause) ? clusterFailure(cause, this.#membership) : cause;
  }

  /**
   * The first process's tensor.
   * @param tensor in the first process its values; in the others anything of the same shape
   */
  fromFirst(tensor: Tensor): Promise<Tensor> {
    const { shape } = tensor;
    if (this.rank > 0) return this.#call('receive', shape, () => shape, 'share');
    return this.#call('send', shape, () => this.#idOf(tensor), 'share');
  }

  /** All processes' tensors `[N, ...]` of one shape, `[size * N, ...]`, in the order of their ranks. */
  gather(tensor: Tensor): Promise<Tensor> {
    return this.#call('gather', tensor.shape, () => this.#idOf(tensor));
  }

  /** Ends every operation that waits, in this process and so in all others. @param reason what they say */
  abort(reason: string): void {
    this.#backend.binding.abortCollectives(reason);
  }

  async #call(
    kind: 'sum' | 'send' | 'receive' | 'gather',
    shape: readonly number[],
    argument: () => number | readonly number[],
    use: string = kind,
  ): Promise<Tensor> {
    const instance = this.#instanceOf(`${use} [${shape}]`);
    let info: OutputInfo;
    try {
      info = await this.#backend.binding.collective(kind, GROUP, instance, this.size, argument());
    } catch (cause) {
      throw clusterFailure(cause, this.#membership);
    }
    return this.#backend.createOutputTensor(info) as Tensor;
  }

  #instanceOf(key: string): number {
    const instance = this.#instances.get(key) ?? this.#instances.size + 1;
    this.#instances.set(key, instance);
    return instance;
  }

  #idOf(tensor: Tensor): number {
    if (tensor.dtype !== 'float32')
      throw new TypeError(`Processes share tensors of float32, not of ${tensor.dtype}.`);
    return this.#backend.getInputTensorIds([tensor])[0]!;
  }
}

/** Of TensorFlow's `CollectiveReduce`. */
function sumAttributes(size: number, instance: number): readonly OpAttribute[] {
  const { type, int, float, string } = ATTRIBUTE;
  return [
    { name: 'T', type, value: TF_FLOAT },
    { name: 'group_size', type: int, value: size },
    { name: 'group_key', type: int, value: GROUP },
    { name: 'instance_key', type: int, value: instance },
    { name: 'merge_op', type: string, value: 'Add' },
    { name: 'final_op', type: string, value: 'Id' },
    { name: 'subdiv_offsets', type: int, value: [0] },
    { name: 'wait_for', type: int, value: [] },
    { name: 'communication_hint', type: string, value: 'auto' },
    // 0: for ever. Others would leave a thread asleep for each.
    { name: 'timeout_seconds', type: float, value: 0 },
  ];
}
