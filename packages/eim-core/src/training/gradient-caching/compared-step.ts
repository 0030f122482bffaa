import type { Batch, Comparison, RandomStream, Tensor } from '@eim/contracts/model';
import { RecordedStep } from '@eim/engine';
import { dispose, tidy } from '@tensorflow/tfjs-core';
import { batchTensors, batchVariant, disposeBatch, withTensors } from '../data/batch-tensors.js';
import { steppedVariables } from '../low-rank/learn-in-low-rank.js';
import { lossAndGradients } from '../optimizer/loss-and-gradients.js';
import { prepareComparison } from '../prepare-batch.js';
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

/** The form under which gradients of the objective's own parameters are summed. */
const COMPARING = 'comparing';

/**
 * A step that compares the things of several batches as if they were one, in the memory of one (gradient caching, Gao et al. 2021,
 * arXiv:2101.06983, section 3): a pass without gradients over every batch, the loss with its gradients by all vectors, and a
 * second pass over every batch with the same draws. The batches themselves are held between the passes.
 */
export class ComparedStep implements OptimizerStep {
  readonly #options: TrainingStepOptions;
  readonly #comparison: Comparison;
  readonly #batches: number;
  readonly #update: SummedUpdate;
  readonly #encoding: RecordedStep;
  readonly #comparing: RecordedStep;
  readonly #adding: RecordedStep;
  #batch: Batch | undefined;
  #form = '';
  #vectorNames: readonly string[] = [];

  /** @param batches of each step */
  constructor(options: TrainingStepOptions, comparison: Comparison, batches: number) {
    const { segment, record, onEager, learning } = options;
    this.#options = options;
    this.#comparison = comparison;
    this.#batches = batches;
    this.#update = new SummedUpdate(options, { counted: false });
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

  async take({ next, step, rateScale }: TakeStepOptions): Promise<Tensor> {
    this.#update.gradients.begin();
    const inputs: StepInput[] = [];
    try {
      for (let index = 0; index < this.#batches; index += 1) inputs.push(await next(index));
      const gradients = await this.#gradientsOf(inputs);
      for (const [index, input] of inputs.entries()) this.#carryOn(input, gradients[index]!);
      dispose(gradients.map((ofBatch) => ({ ...ofBatch })));
    } finally {
      for (const { batch } of inputs) disposeBatch(batch);
    }
    return this.#update.take({ step, rateScale });
  }

  dispose(): void {
    for (const step of [this.#encoding, this.#comparing, this.#adding, this.#update]) step.dispose();
  }

  /** The gradients of the loss by the vectors of each batch. */
  async #gradientsOf(inputs: readonly StepInput[]): Promise<NamedTensors[]> {
    const { parts, objective } = this.#options;
    const batches = inputs.map(({ batch }) => batch);
    const vectors = inputs.map((input) => this.#vectorsOf(input));
    try {
      checkVectors(objective.name, vectors);
      const prepared = await prepareComparison(objective.name, this.#comparison, parts, batches);
      const given = { ...namedApart('vectors', vectors), ...namedApart('prepared', [prepared]) };
      const found = this.#comparing.call({ inputs: given, variant: String(inputs.length) });
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

  #vectorsOf({ batch, random }: StepInput): NamedTensors {
    this.#batch = batch;
    const found = this.#encoding.call({
      inputs: batchTensors(batch),
      random: sameDraws(random),
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
      this.#update.loss.assign(found.value);
      this.#update.gradients.add(COMPARING, found.gradients);
      return found.ofVectors.flatMap((ofBatch) => Object.values(ofBatch));
    });
  }

  #carryOn({ batch, random }: StepInput, gradients: NamedTensors): void {
    const variant = batchVariant(batch);
    this.#batch = batch;
    const inputs = { ...batchTensors(batch), ...namedApart('gradient', [gradients]) };
    this.#form = `${variant} ${Object.keys(inputs)}`;
    this.#adding.call({ inputs, random: sameDraws(random), variant });
    this.#update.gradients.added(this.#form);
  }

  #add(tensors: NamedTensors, random: RandomStream): [] {
    const { parts, learning } = this.#options;
    const batch = withTensors(this.#batch!, tensors);
    const [gradients] = takenApart('gradient', tensors);
    const context = { training: true, random };
    tidy(() => {
      const { gradients: found } = lossAndGradients(
        () => carriedOn(this.#comparison, parts, batch, context, gradients!),
        learning,
      );
      this.#update.gradients.add(this.#form, found);
    });
    return [];
  }
}

/** A stream that gives both passes the same draws. */
const sameDraws = (random: RandomStream): RandomStream => random.fork('both passes');
