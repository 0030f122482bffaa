import type { Parameter, RandomStream, Tensor2D, Variable } from '@eim/contracts/model';
import { chargedTo, inShapesPass } from '@eim/engine';
import { add, fill, matMul, mul, tensor, tidy, variable } from '@tensorflow/tfjs-core';
import type { LowRank } from '../../plan/selection-schema.js';
import type { NamedVariable } from '../optimizer/snapshot.js';

/** A weight in its model. */
export interface UpdatedWeight {
  readonly name: string;
  readonly part: string;
  readonly parameter: Parameter;
}

/**
 * A weight that learns by an update of low rank (LoRA, Hu et al. 2021, section 4.1): `W = W0 + alpha / rank * A B`, where A
 * `[in, rank]` and B `[rank, out]` learn in W's place. A starts uniform within `1 / sqrt(in)` (He et al.'s bound with a slope
 * of sqrt(5), as loralib and peft draw it) and B with zeros, so that W starts as it is.
 *
 * The part goes on to read W, which always holds the whole: parts know nothing of this, and what is saved is W alone. By the
 * chain rule the gradients of A and B follow from that of W, so W's is still worked out; the optimizer holds moments of A and B
 * alone. A dropout of the update's input, which W cannot express, is not offered.
 */
export class LowRankWeight {
  /** Unique in the run: `llm.blocks.0.attention.output.weight`. */
  readonly name: string;
  /** Whose multiply-adds its own are. */
  readonly part: string;
  /** W: `[in, out]` */
  readonly weight: Parameter;
  /** A: `[in, rank]` */
  readonly a: Parameter;
  /** B: `[rank, out]` */
  readonly b: Parameter;
  /** W0: W as the segment found it, `[in, out]`. */
  readonly start: Variable;
  readonly #scale: number;

  /** @param random the stream that A is drawn from */
  constructor({ name, part, parameter: weight }: UpdatedWeight, form: LowRank, random: RandomStream) {
    const { rank, alpha = rank } = form;
    const [inputs, outputs] = weight.variable.shape as [number, number];
    const bound = 1 / Math.sqrt(inputs);
    const draw = () => bound * (2 * random.uniform() - 1);
    const factor = (side: string, shape: readonly number[], draw?: () => number): Parameter => ({
      name: `${weight.name}.lora.${side}`,
      variable: createVariable(shape, draw),
      role: 'weight',
      depth: weight.depth,
    });
    this.name = name;
    this.part = part;
    this.weight = weight;
    this.a = factor('a', [inputs, rank], draw);
    this.b = factor('b', [rank, outputs]);
    this.start = tidy(() => variable(mul(weight.variable, 1), false));
    this.#scale = alpha / rank;
  }

  /** W, A and B: everything that a step changes. */
  get variables(): readonly NamedVariable[] {
    const { name, weight, a, b } = this;
    return [
      { name, variable: weight.variable },
      { name: `${name}.lora.a`, variable: a.variable },
      { name: `${name}.lora.b`, variable: b.variable },
    ];
  }

  /**
   * Gives W memory that no recorded update owns: `write` puts another tensor in its place, and what a recorded step reads must
   * not go with the memory that an earlier segment updated in place.
   */
  begin(): void {
    const { variable } = this.weight;
    tidy(() => variable.assign(mul(variable, 1)));
  }

  /** @param gradient by W, `[in, out]` @returns by A, `[in, rank]`, and by B, `[rank, out]` */
  gradients(gradient: Tensor2D): { readonly a: Tensor2D; readonly b: Tensor2D } {
    const [a, b] = [this.a.variable, this.b.variable] as unknown as [Tensor2D, Tensor2D];
    return chargedTo(this.part, () => ({
      a: mul(matMul(gradient, b, false, true), this.#scale), // [in, rank]
      b: mul(matMul(a, gradient, true, false), this.#scale), // [rank, out]
    }));
  }

  /** W0 and what has been learnt together, `[in, out]`. */
  merged(): Tensor2D {
    const [a, b] = [this.a.variable, this.b.variable] as unknown as [Tensor2D, Tensor2D];
    const start = this.start as unknown as Tensor2D;
    return chargedTo(this.part, () => add(start, matMul(mul(a, this.#scale), b))); // [in, out]
  }

  /** W becomes what A and B say. */
  write(): void {
    tidy(() => this.weight.variable.assign(this.merged()));
  }

  /** Frees all but W. */
  dispose(): void {
    for (const own of [this.a.variable, this.b.variable, this.start]) own.dispose();
  }
}

/** @param draw gives each value; absent: zeros */
function createVariable(shape: readonly number[], draw?: () => number): Variable {
  return tidy(() => {
    if (!draw || inShapesPass()) return variable(fill([...shape], 0));
    const size = shape.reduce((product, side) => product * side, 1);
    return variable(tensor(Float32Array.from({ length: size }, draw), [...shape]));
  });
}
