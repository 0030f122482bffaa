import type { Batch, ModelParts, Objective, RandomStream, Tensor } from '@eim/contracts/model';
import { globalNorm, RecordedStep } from '@eim/engine';
import { add, div, minimum, type Scalar, scalar, stack, tidy } from '@tensorflow/tfjs-core';
import { batchTensors, batchVariant, withTensors } from './data/batch-tensors.js';
import { lowRankWeights } from './low-rank/learn-in-low-rank.js';
import type { AdamW } from './optimizer/adamw.js';
import type { LearningParameter } from './optimizer/learning-parameter.js';
import { lossAndGradients } from './optimizer/loss-and-gradients.js';

export interface TrainingStepOptions {
  readonly parts: ModelParts;
  readonly objective: Objective;
  readonly learning: readonly LearningParameter[];
  readonly optimizer: AdamW;
  readonly clipNorm: number | undefined;
  /** The segment's name, for messages. */
  readonly segment: string;
  /** False: never record the step, even on an engine that can. */
  readonly record: boolean | undefined;
  /** Called with the reason if the step cannot be recorded. */
  readonly onEager: ((reason: string) => void) | undefined;
}

/** The input of one step. */
export interface TrainingStepInput {
  readonly batch: Batch;
  readonly random: RandomStream;
  /** 0-based within the segment. */
  readonly step: number;
  /** Share of the peak rate. */
  readonly rateScale: number;
}

/** Parts that learn, in the order of their gradient norms in a step's report. */
export function learningParts(learning: readonly LearningParameter[]): LearningParameter['part'][] {
  return [...new Set(learning.map(({ part }) => part))];
}

/**
 * The step of a segment: forward, backward and update, without reading a value back. It is a pure function of the
 * batch's tensors, the draws, the step number and the rate, so that engines that can record it do.
 */
export class TrainingStep {
  readonly #options: TrainingStepOptions;
  readonly #recorded: RecordedStep;
  #now: TrainingStepInput | undefined;

  constructor(options: TrainingStepOptions) {
    this.#options = options;
    const { segment, record, onEager } = options;
    this.#recorded = new RecordedStep({
      name: `training step of segment '${segment}'`,
      step: (tensors, random) => [this.#step(withTensors(this.#now!.batch, tensors), random!)],
      ...(record !== undefined && { record }),
      ...(onEager && { onEager }),
    });
  }

  /**
   * @returns `[1 + parts]`: the loss, then the gradient norm of each learning part before clipping; read and
   *   disposed of by the caller
   */
  take(input: TrainingStepInput): Tensor {
    this.#now = input;
    const { batch, random } = input;
    return this.#recorded.call({ inputs: batchTensors(batch), random, variant: batchVariant(batch) })[0]!;
  }

  dispose(): void {
    this.#recorded.dispose();
  }

  #step(batch: Batch, random: RandomStream): Tensor {
    const { parts, objective, learning, optimizer, clipNorm } = this.#options;
    return tidy(() => {
      const { value, gradients } = lossAndGradients(
        () => objective.loss(parts, batch, { training: true, random }) as Scalar,
        learning,
      );
      const norms = learningParts(learning).map((part) =>
        globalNorm(
          gradients.filter((gradient, index) => gradient && learning[index]!.part === part) as Tensor[],
        ),
      );
      // The formula of torch.nn.utils.clip_grad_norm_.
      const gradientScale =
        clipNorm === undefined
          ? undefined
          : (minimum(1, div(scalar(clipNorm), add(globalNorm(norms), 1e-6))) as Scalar);
      const now = { step: () => this.#now!.step, rateScale: () => this.#now!.rateScale };
      optimizer.apply(gradients, now, gradientScale);
      for (const weight of lowRankWeights(learning)) weight.write();
      return stack([value, ...norms]); // [1 + parts]
    });
  }
}
