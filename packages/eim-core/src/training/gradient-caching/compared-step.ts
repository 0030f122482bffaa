import type { Batch, Comparison, RandomStream, Tensor } from '@eim/contracts/model';
import { RecordedStep } from '@eim/engine';
import { dispose, keep, tidy, zerosLike } from '@tensorflow/tfjs-core';
import { batchTensors, batchVariant, disposeShards, withTensors } from '../data/batch-tensors.js';
import { addTo } from '../gradient-sums.js';
import { steppedVariables } from '../low-rank/learn-in-low-rank.js';
import { lossAndGradients } from '../optimizer/loss-and-gradients.js';
import { prepareComparison } from '../prepare-batch.js';
import type { TrainingGroup } from '../sharing/training-group.js';
import { SummedUpdate } from '../summed-update.js';
import type { OptimizerStep, StepInput, TakeStepOptions, TrainingStepOptions } from '../training-step.js';
import {
  carriedOn,
  checkVectors,
  comparedVectors,
  comparisonGradients,
  type NamedTensors,
} from './comparison-passes.js';
import { namedApart, takenApart } from './names-of-batches.js';
import { SharedVectors } from './share-vectors.js';

/** The form under which gradients of the objective's own parameters are summed. */
const COMPARING = 'comparing';

/**
 * A step that compares the things of several batches as if they were one, in the memory of one (gradient caching, Gao et al. 2021,
 * arXiv:2101.06983, section 3): a pass without gradients over every batch, the loss with its gradients by all vectors, and a
 * second pass over every batch with the same draws. The batches themselves are held between the passes. What the loss has beside what
 * it compares is computed in the second pass alone.
 *
 * Where several processes take the step, each makes both passes over its own rows. The vectors of all are gathered between the
 * passes, every process differentiates the same loss by them, and the gradients are added up.
 */
export class ComparedStep implements OptimizerStep {
  readonly #options: TrainingStepOptions;
  readonly #comparison: Comparison;
  readonly #batches: number;
  readonly #group: TrainingGroup | undefined;
  readonly #shared: SharedVectors | undefined;
  readonly #update: SummedUpdate;
  readonly #encoding: RecordedStep;
  readonly #comparing: RecordedStep;
  readonly #adding: RecordedStep;
  #batch: Batch | undefined;
  #form = '';
  #vectorNames: readonly string[] = [];

  /** @param batches of each step */
  constructor(options: TrainingStepOptions, comparison: Comparison, batches: number, group?: TrainingGroup) {
    const { segment, record, onEager, learning } = options;
    this.#options = options;
    this.#comparison = comparison;
    this.#batches = batches;
    this.#group = group;
    this.#shared = group && new SharedVectors(group);
    this.#update = new SummedUpdate(options, { counted: false, group });
    const recording = {
      updatedElsewhere: steppedVariables(learning),
      ...(record !== undefined && { record }),
      ...(onEager && { onEager }),
    };
    this.#encoding = new RecordedStep({
      name: `first pass of segment '${segment}'`,
      step: (tensors, random) => this.#encode(withTensors(this.#batch!, tensors), random!),
      ...recording,
    });
    this.#comparing = new RecordedStep({
      name: `comparison of segment '${segment}'`,
      step: (tensors) => this.#compare(tensors),
      ...recording,
    });
    this.#adding = new RecordedStep({
      name: `training step of segment '${segment}'`,
      step: (tensors, random) => this.#add(tensors, random!),
      ...recording,
    });
  }

  async take({ next, ...now }: TakeStepOptions): Promise<Tensor> {
    this.#update.gradients.begin();
    const inputs: StepInput[] = [];
    try {
      for (let index = 0; index < this.#batches; index += 1) inputs.push(await next(index));
      const gradients = await this.#gradientsOf(inputs);
      for (const [index, input] of inputs.entries()) this.#carryOn(input, gradients[index]!);
      dispose(gradients.map((ofBatch) => ({ ...ofBatch })));
    } finally {
      for (const input of inputs) disposeShards(input);
    }
    return this.#update.take(now);
  }

  dispose(): void {
    for (const step of [this.#encoding, this.#comparing, this.#adding, this.#update]) step.dispose();
  }

  /** The gradients of the loss by the vectors of each batch of this process. */
  async #gradientsOf(inputs: readonly StepInput[]): Promise<NamedTensors[]> {
    const { parts, objective } = this.#options;
    const shards = inputs.map(({ batch, shards }) => shards ?? [batch]);
    const vectors = await this.#vectorsOf(inputs, shards);
    try {
      const prepared = await prepareComparison(objective.name, this.#comparison, parts, shards.flat());
      const given = { ...namedApart('vectors', vectors), ...namedApart('prepared', [prepared]) };
      const found = this.#comparing.call({ inputs: given, variant: String(vectors.length) });
      dispose({ ...prepared });
      this.#update.gradients.added(COMPARING);
      const names = Object.keys(vectors[0]!);
      return inputs.map((_, batch) =>
        Object.fromEntries(names.map((name, index) => [name, found[batch * names.length + index]!])),
      );
    } finally {
      dispose(vectors.map((ofBatch) => ({ ...ofBatch })));
    }
  }

  /** What all batches of the step give to be compared: each batch in turn, its shards in the order of the processes. */
  async #vectorsOf(
    inputs: readonly StepInput[],
    shards: readonly (readonly Batch[])[],
  ): Promise<readonly NamedTensors[]> {
    const own = inputs.map((input) => this.#vectorsOfOne(input));
    try {
      checkVectors(this.#options.objective.name, own);
    } catch (error) {
      dispose(own.map((ofBatch) => ({ ...ofBatch })));
      throw error;
    }
    if (!this.#shared) return own;
    try {
      return await this.#shared.of(own, shards.map((ofBatch) => ofBatch.map(batchVariant).join()).join(';'));
    } finally {
      dispose(own.map((ofBatch) => ({ ...ofBatch })));
    }
  }

  #vectorsOfOne({ batch, random }: StepInput): NamedTensors {
    this.#batch = batch;
    const found = this.#encoding.call({
      inputs: batchTensors(batch),
      random: random(),
      variant: batchVariant(batch),
    });
    return Object.fromEntries(this.#vectorNames.map((name, index) => [name, found[index]!]));
  }

  #encode(batch: Batch, random: RandomStream): Tensor[] {
    const context = { training: true, random };
    const found = comparedVectors(this.#comparison, this.#options.parts, batch, context);
    this.#vectorNames = Object.keys(found);
    return Object.values(found);
  }

  /** @returns gradients by batch and, within it, by name */
  #compare(tensors: NamedTensors): Tensor[] {
    return tidy(() => {
      const [prepared] = takenApart('prepared', tensors);
      const vectors = takenApart('vectors', tensors);
      const found = comparisonGradients(this.#comparison, vectors, prepared ?? {}, this.#options.learning);
      const { gradients, loss } = this.#update;
      const { rank, size } = this.#group ?? { rank: 0, size: 1 };
      // Every process has all of it, and in the sum of all it is there once.
      if (rank === 0) addTo(loss, () => found.value);
      gradients.add(COMPARING, rank === 0 ? found.gradients : found.gradients.map(asZeros));
      const own = found.ofVectors.filter((_, index) => index % size === rank);
      return own.flatMap((ofBatch) => Object.values(ofBatch));
    });
  }

  #carryOn({ batch, random }: StepInput, gradients: NamedTensors): void {
    const variant = batchVariant(batch);
    this.#batch = batch;
    const inputs = { ...batchTensors(batch), ...namedApart('gradient', [gradients]) };
    this.#form = `${variant} ${Object.keys(inputs)}`;
    this.#adding.call({ inputs, random: random(), variant });
    this.#update.gradients.added(this.#form);
  }

  #add(tensors: NamedTensors, random: RandomStream): [] {
    const { parts, learning } = this.#options;
    const batch = withTensors(this.#batch!, tensors);
    const [gradients] = takenApart('gradient', tensors);
    const context = { training: true, random };
    let beside: Tensor | undefined;
    tidy(() => {
      const { gradients: found } = lossAndGradients(() => {
        const carried = carriedOn(this.#comparison, parts, batch, context, gradients!);
        beside = carried.beside && keep(carried.beside.clone());
        return carried.differentiated;
      }, learning);
      if (beside) addTo(this.#update.loss, () => beside!);
      this.#update.gradients.add(this.#form, found);
    });
    beside?.dispose();
    return [];
  }
}

/** Nothing to be added, where a gradient is. */
const asZeros = (gradient: Tensor | undefined): Tensor | undefined => gradient && zerosLike(gradient);
