import { EimError } from '@eim/contracts';
import type {
  ComputeMode,
  Parameter,
  ParameterRole,
  PartContext,
  RandomStream,
  ReadOnlyWeight,
} from '@eim/contracts/model';
import { inShapesPass, QuantisedMatrix, type RowsToHold } from '@eim/engine';
import { AwaitedParameter, type MatrixParameter, type ParameterFilling } from './awaited-parameter.js';
import type { Initialiser } from './initialisers.js';
import { readOnlyWeight } from './read-only-weight.js';

export interface ParameterOptions {
  readonly role: ParameterRole;
  readonly initialise: Initialiser;
  /** What its layer can read in blocks: the rows of a table, or of the transpose of a weight `[in, out]`. Absent: neither. */
  readonly inBlocks?: 'parameter' | 'transpose';
}

/** Name and shape of a parameter, whether or not it has values. */
export interface ParameterSlot {
  readonly name: string;
  readonly shape: readonly number[];
}

/**
 * Creates the named parameters of one part. Scopes nest like names: `scope.child('blocks').child('0', 1)`
 * creates `blocks.0.*` at depth 1. A parameter's first values depend on the stream and its full name alone,
 * so adding a layer changes no other layer's values.
 */
export class ParameterScope {
  private constructor(
    private readonly random: RandomStream | undefined,
    private readonly created: Map<string, AwaitedParameter>,
    private readonly matrices: Map<Parameter, 'parameter' | 'transpose'>,
    private readonly prefix: string,
    readonly depth: number,
    /** Of products with matrices in blocks. */
    private readonly compute: ComputeMode = 'exact',
  ) {}

  /** The outermost scope of a part, at depth 0, whose parameters are drawn from a stream. */
  static root(random: RandomStream): ParameterScope {
    return new ParameterScope(random, new Map(), new Map(), '', 0);
  }

  /** The outermost scope of a part, drawn or awaiting its values as the part's context says. */
  static of({ random, awaitValues = false }: PartContext): ParameterScope {
    return awaitValues ? ParameterScope.awaitingValues() : ParameterScope.root(random);
  }

  /**
   * The outermost scope of a part whose values are loaded: nothing is drawn, and no memory is taken before
   * `give` brings them, one parameter at a time.
   * @param compute of products with matrices that it then holds in blocks
   */
  static awaitingValues(compute?: ComputeMode): ParameterScope {
    return new ParameterScope(undefined, new Map(), new Map(), '', 0, compute);
  }

  /** @param depth of the parameters created below; absent: this scope's */
  child(name: string, depth: number = this.depth): ParameterScope {
    const prefix = `${this.prefix}${name}.`;
    return new ParameterScope(this.random, this.created, this.matrices, prefix, depth, this.compute);
  }

  /** @throws EimError `invalid-argument` where the name is taken */
  create(
    name: string,
    shape: readonly number[],
    { role, initialise, inBlocks }: ParameterOptions,
  ): MatrixParameter {
    const fullName = this.prefix + name;
    if (this.created.has(fullName)) {
      throw new EimError({
        code: 'invalid-argument',
        message: `There already is a parameter '${fullName}' in this part.`,
        advice: 'Give each layer its own child scope.',
        data: { name: fullName },
      });
    }
    const parameter = new AwaitedParameter(fullName, shape, role, this.depth);
    if (inShapesPass()) parameter.giveShape();
    else if (this.random) parameter.give(initialise(shape, this.random.fork(fullName)));
    this.created.set(fullName, parameter);
    if (inBlocks) this.matrices.set(parameter, inBlocks);
    return parameter;
  }

  /** All parameters of the part that are variables, in the order of creation, whichever scope created them. */
  parameters(): readonly Parameter[] {
    return [...this.created.values()].filter(({ blocks }) => blocks === undefined);
  }

  /** Weights of the part that are held in blocks. */
  readOnlyWeights(): readonly ReadOnlyWeight[] {
    return [...this.created.values()].flatMap((parameter) =>
      parameter.blocks ? [readOnlyWeight(parameter, parameter.blocks, this.matrices.get(parameter)!)] : [],
    );
  }

  /** Names and shapes of all parameters, values or not. */
  slots(): readonly ParameterSlot[] {
    return [...this.created.values()].map(({ name, shape }) => ({ name, shape }));
  }

  /**
   * Gives one parameter its values, by full name; a part that awaits values is whole once all have theirs.
   * @throws EimError `invalid-argument` for an unknown name, a second gift or another number of values
   */
  give(name: string, values: Float32Array): void {
    const parameter = this.awaiting(name);
    const size = parameter.shape.reduce((product, side) => product * side, 1);
    if (size !== values.length) {
      throw notGiven(name, `${values.length} values`, `its shape [${parameter.shape}] needs ${size}`);
    }
    parameter.give(values);
  }

  /**
   * Memory of the engine for the values of one parameter, by full name, to be filled piece by piece.
   * @throws EimError `invalid-argument` for an unknown name or a second gift
   */
  fill(name: string): ParameterFilling {
    return this.awaiting(name).fill();
  }

  /**
   * Gives one parameter, by full name, a matrix in blocks in place of values.
   * @param rows whole rows, one below the other
   * @param of whose they are
   * @throws EimError `invalid-argument` for a parameter whose layer takes no blocks, an unknown name, a second gift or
   * another number of rows
   */
  async hold(
    name: string,
    rows: readonly (RowsToHold & { readonly columns: number })[],
    of: 'parameter' | 'transpose',
  ): Promise<void> {
    const parameter = this.awaiting(name);
    const takes = this.matrices.get(parameter) === of;
    const shape = of === 'transpose' ? [...parameter.shape].reverse() : parameter.shape;
    const count = rows.reduce((sum, one) => sum + one.rows, 0);
    const fits = count === shape[0] && rows.every(({ columns }) => columns === shape[1]);
    if (!takes || !fits) {
      const fault = takes ? `its shape [${parameter.shape}] needs others` : 'its layer reads no such rows';
      throw notGiven(name, `${count} rows in blocks`, fault);
    }
    parameter.hold(await QuantisedMatrix.read(shape[1]!, rows, this.compute));
  }

  private awaiting(name: string): AwaitedParameter {
    const parameter = this.created.get(name);
    if (parameter && !parameter.isGiven) return parameter;
    throw notGiven(name, 'Values', parameter ? 'it has values already' : 'there is no such parameter');
  }

  /** Frees every variable of the part. */
  dispose(): void {
    for (const parameter of this.created.values()) parameter.dispose();
    this.created.clear();
  }
}

const notGiven = (name: string, what: string, fault: string): EimError =>
  new EimError({
    code: 'invalid-argument',
    message: `${what} were given to the parameter '${name}', but ${fault}.`,
    data: { name },
  });
