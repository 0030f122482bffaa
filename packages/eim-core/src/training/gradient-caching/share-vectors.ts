import { concat, reshape, slice, tensor1d, tidy, zeros } from '@tensorflow/tfjs-core';
import type { TrainingGroup } from '../sharing/training-group.js';
import type { NamedTensors } from './comparison-passes.js';

/** Rows of each vector, by batch of the step, process and vector. */
type Sizes = readonly (readonly (readonly number[])[])[];

/** Gathers what the batches of a step give to be compared from all processes of a group. */
export class SharedVectors {
  readonly #group: TrainingGroup;
  /** Processes whose batches are alike give vectors that are alike. */
  readonly #sizes = new Map<string, Sizes>();

  constructor(group: TrainingGroup) {
    this.#group = group;
  }

  /**
   * @param own of this process, by batch
   * @param form of the batches of all processes, on which the sizes of their vectors depend
   * @returns new tensors of all: of each batch in turn, those of every process
   */
  async of(own: readonly NamedTensors[], form: string): Promise<NamedTensors[]> {
    const { rank } = this.#group;
    const names = Object.keys(own[0]!);
    const rests = names.map((name) => own[0]![name]!.shape.slice(1));
    const sizes = this.#sizes.get(form) ?? (await this.#shareSizes(own, names));
    this.#sizes.set(form, sizes);
    const each = rests.map((rest) => rest.reduce((product, size) => product * size, 1));
    // What others give is 0 here, so that the sum is what each gives.
    const laid = tidy(() =>
      concat(
        sizes.flatMap((ofBatch, batch) =>
          ofBatch.flatMap((ofProcess, process) =>
            names.map((name, index) => {
              const elements = ofProcess[index]! * each[index]!;
              return process === rank ? reshape(own[batch]![name]!, [elements]) : zeros([elements]);
            }),
          ),
        ),
      ),
    ); // [W]
    const all = await this.#group.sum(laid).finally(() => laid.dispose()); // [W]
    let start = 0;
    const found = sizes.flatMap((ofBatch) =>
      ofBatch.map((ofProcess) =>
        Object.fromEntries(
          names.map((name, index) => {
            const elements = ofProcess[index]! * each[index]!;
            const shape = [ofProcess[index]!, ...rests[index]!];
            const vector = tidy(() => reshape(slice(all, [start], [elements]), shape));
            start += elements;
            return [name, vector];
          }),
        ),
      ),
    );
    all.dispose();
    return found;
  }

  async #shareSizes(own: readonly NamedTensors[], names: readonly string[]): Promise<Sizes> {
    const { rank, size } = this.#group;
    const flat = own.flatMap((ofBatch) =>
      Array.from({ length: size }, (_, process) =>
        names.map((name) => (process === rank ? ofBatch[name]!.shape[0]! : 0)),
      ).flat(),
    );
    const laid = tensor1d(flat);
    const all = await this.#group.sum(laid).finally(() => laid.dispose());
    const values = [...(await all.data())];
    all.dispose();
    return own.map((_, batch) =>
      Array.from({ length: size }, (_, process) => {
        const start = (batch * size + process) * names.length;
        return values.slice(start, start + names.length);
      }),
    );
  }
}
