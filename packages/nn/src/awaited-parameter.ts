import { EimError } from '@eim/contracts';
import type { AwaitedValues, Parameter, ParameterRole, Variable } from '@eim/contracts/model';
import { type FillableTensor, fillableTensor, type QuantisedMatrix } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';

/** Memory that a parameter's values are written into. */
export interface ParameterFilling extends Pick<FillableTensor, 'values' | 'abandon'> {
  /** All values are there. */
  finish(): void;
}

/** The weight of a layer that can also work with a matrix in blocks. */
export interface MatrixParameter extends Parameter {
  /** The matrix that stands in the place of the variable: of the parameter `[in, out]` its transpose, or a table as it is. */
  readonly blocks: QuantisedMatrix | undefined;
}

/** A parameter that has a name and a shape, and gets its values later, once. */
export class AwaitedParameter implements MatrixParameter {
  private given: Variable | undefined;
  private held: QuantisedMatrix | undefined;

  constructor(
    readonly name: string,
    readonly shape: readonly number[],
    readonly role: ParameterRole,
    readonly depth: number,
  ) {}

  /** @throws EimError `invalid-argument` before the values are there */
  get variable(): Variable {
    if (this.given) return this.given;
    if (this.held) {
      throw new EimError({
        code: 'invalid-argument',
        message: `'${this.name}' is held in blocks (${this.held.format}) and is no variable.`,
        advice: 'Load the part without `frozen`.',
        data: { name: this.name },
      });
    }
    throw new EimError({
      code: 'invalid-argument',
      message: `The parameter '${this.name}' has no values yet.`,
      advice: 'Load all weights of a part before it is used.',
      data: { name: this.name },
    });
  }

  get awaiting(): AwaitedValues | undefined {
    return this.isGiven ? undefined : { shape: this.shape, give: (values) => this.give(values) };
  }

  get blocks(): QuantisedMatrix | undefined {
    return this.held;
  }

  get isGiven(): boolean {
    return this.given !== undefined || this.held !== undefined;
  }

  /** @param values as many as the shape has elements, row-major */
  give(values: Float32Array): void {
    this.take(tf.tensor(values, [...this.shape], 'float32'));
  }

  /** Memory for the values, to be filled piece by piece; the parameter has them once it is finished. */
  fill(): ParameterFilling {
    const filling = fillableTensor(this.shape);
    return {
      values: filling.values,
      abandon: filling.abandon,
      finish: () => this.take(filling.finish()),
    };
  }

  /** In place of values: a matrix in blocks, which the parameter disposes of. */
  hold(matrix: QuantisedMatrix): void {
    this.held = matrix;
  }

  /** In place of values, in a shapes pass: what is computed from the parameter there has a shape and nothing else. */
  giveShape(): void {
    this.take(tf.fill([...this.shape], 0));
  }

  dispose(): void {
    this.given?.dispose();
    this.given = undefined;
    this.held?.dispose();
    this.held = undefined;
  }

  private take(initial: tf.Tensor): void {
    this.given = tf.variable(initial);
    initial.dispose();
  }
}
