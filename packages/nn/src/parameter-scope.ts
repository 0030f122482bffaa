import { EimError, type Parameter, type ParameterRole, type RandomStream } from '@eim/contracts';
import * as tf from '@tensorflow/tfjs-core';
import type { Initialiser } from './initialisers.js';

export interface ParameterOptions {
  readonly role: ParameterRole;
  readonly initialise: Initialiser;
}

/**
 * Creates the named parameters of one part. Scopes nest like names: `scope.child('blocks').child('0', 1)`
 * creates `blocks.0.*` at depth 1. A parameter's first values depend on the stream and its full name alone,
 * so adding a layer changes no other layer's values.
 */
export class ParameterScope {
  private constructor(
    private readonly random: RandomStream,
    private readonly created: Map<string, Parameter>,
    private readonly prefix: string,
    readonly depth: number,
  ) {}

  /** The outermost scope of a part, at depth 0. */
  static root(random: RandomStream): ParameterScope {
    return new ParameterScope(random, new Map(), '', 0);
  }

  /** @param depth of the parameters created below; absent: this scope's */
  child(name: string, depth: number = this.depth): ParameterScope {
    return new ParameterScope(this.random, this.created, `${this.prefix}${name}.`, depth);
  }

  /** @throws EimError `invalid-argument` where the name is taken */
  create(name: string, shape: readonly number[], { role, initialise }: ParameterOptions): Parameter {
    const fullName = this.prefix + name;
    if (this.created.has(fullName)) {
      throw new EimError({
        code: 'invalid-argument',
        message: `There already is a parameter '${fullName}' in this part.`,
        advice: 'Give each layer its own child scope.',
        data: { name: fullName },
      });
    }
    const values = initialise(shape, this.random.fork(fullName));
    const initial = tf.tensor(values, [...shape], 'float32');
    const variable = tf.variable(initial);
    initial.dispose();
    const parameter: Parameter = { name: fullName, variable, role, depth: this.depth };
    this.created.set(fullName, parameter);
    return parameter;
  }

  /** All parameters of the part, in the order of creation, whichever scope created them. */
  parameters(): readonly Parameter[] {
    return [...this.created.values()];
  }

  /** Frees every variable of the part. */
  dispose(): void {
    for (const { variable } of this.created.values()) variable.dispose();
    this.created.clear();
  }
}
