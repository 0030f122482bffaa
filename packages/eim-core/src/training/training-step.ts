import type { Batch, ModelParts, Objective, RandomStream, Tensor } from '@eim/contracts/model';
import { RecordedStep } from '@eim/engine';
import { type Scalar, stack, tidy } from '@tensorflow/tfjs-core';
import { type ApplyGradientsOptions, applyGradients } from './apply-gradients.js';
import { batchTensors, batchVariant, disposeBatch, withTensors } from './data/batch-tensors.js';
import { lossAndGradients } from './optimizer/loss-and-gradients.js';

export interface TrainingStepOptions extends ApplyGradientsOptions {
  readonly parts: ModelParts;
  readonly objective: Objective;
  /** The segment's name, for messages. */
  readonly segment: string;
  /** False: never record the step, even on an engine that can. */
  readonly record: boolean | undefined;
  /** Called with the reason if the step cannot be recorded. */
  readonly onEager: ((reason: string) => void) | undefined;
}

/** A batch of a step and what it draws from. */
export interface StepInput {
  readonly batch: Batch;
  /** A stream that begins anew at each call: passes over the same batch draw the same. */
  readonly random: () => RandomStream;
  /**
   * The parts of the batch that the processes of a group compute, in their order, this one's among them; the others' hold texts and places
   * of pictures, and no picture's contents. Given where the objective compares rows.
   */
  readonly shards?: readonly Batch[] | undefined;
}

export interface TakeStepOptions {
  /** Gives the step's batches, by number from 0; the step disposes of them. */
  readonly next: (index: number) => Promise<StepInput>;
  /** 0-based within the segment. */
  readonly step: number;
  /** Share of the peak rate. */
  readonly rateScale: number;
  /** Whether this process is asked to stop, which a step of several processes tells all of them. */
  readonly asked?: (() => boolean) | undefined;
}

/** The step of a segment: forward, backward and update, without reading a value back. */
export interface OptimizerStep {
  /**
   * @returns `[1 + parts]`: the loss, then the gradient norm of each learning part before clipping, and of several processes
   *   how many are asked to stop; read and disposed of by the caller
   */
  take(options: TakeStepOptions): Promise<Tensor>;
  dispose(): void;
}

/**
 * A step on one batch. It is a pure function of the batch's tensors, the draws, the step number and the rate, so that
 * engines that can record it do.
 */
export class TrainingStep implements OptimizerStep {
  readonly #options: TrainingStepOptions;
  readonly #recorded: RecordedStep;
  #batch: Batch | undefined;
  #now = { step: 0, rateScale: 0 };

  constructor(options: TrainingStepOptions) {
    this.#options = options;
    const { segment, record, onEager } = options;
    this.#recorded = new RecordedStep({
      name: `training step of segment '${segment}'`,
      step: (tensors, random) => [this.#step(withTensors(this.#batch!, tensors), random!)],
      ...(record !== undefined && { record }),
      ...(onEager && { onEager }),
    });
  }

  async take({ next, step, rateScale }: TakeStepOptions): Promise<Tensor> {
    const { batch, random } = await next(0);
    this.#batch = batch;
    this.#now = { step, rateScale };
    try {
      return this.#recorded.call({
        inputs: batchTensors(batch),
        random: random(),
        variant: batchVariant(batch),
      })[0]!;
    } finally {
      disposeBatch(batch);
    }
  }

  dispose(): void {
    this.#recorded.dispose();
  }

  #step(batch: Batch, random: RandomStream): Tensor {
    const { parts, objective, learning } = this.#options;
    return tidy(() => {
      const { value, gradients } = lossAndGradients(
        () => objective.loss(parts, batch, { training: true, random }) as Scalar,
        learning,
      );
      const now = { step: () => this.#now.step, rateScale: () => this.#now.rateScale };
      const norms = applyGradients(gradients, this.#options, now);
      return stack([value, ...norms]); // [1 + parts]
    });
  }
}
