import type { Tensor } from '@tensorflow/tfjs-core';
import type { RecordingBackend } from '../tensorflow/tensorflow-backend.js';
import type { OutputInfo } from '../tensorflow/tensorflow-binding.js';
import { clusterFailure } from './cluster-failure.js';
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
    const key = `${use} [${shape}]`;
    const instance = this.#instances.get(key) ?? this.#instances.size + 1;
    this.#instances.set(key, instance);
    let info: OutputInfo;
    try {
      info = await this.#backend.binding.collective(kind, GROUP, instance, this.size, argument());
    } catch (cause) {
      throw clusterFailure(cause, this.#membership);
    }
    return this.#backend.createOutputTensor(info) as Tensor;
  }

  #idOf(tensor: Tensor): number {
    if (tensor.dtype !== 'float32')
      throw new TypeError(`Processes share tensors of float32, not of ${tensor.dtype}.`);
    return this.#backend.getInputTensorIds([tensor])[0]!;
  }
}
