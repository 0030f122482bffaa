import type { Tensor } from '@tensorflow/tfjs-core';
import type { Array64 } from './array64.js';

/** One argument of an operation: seeded draws from [-scale, scale), or the values given. */
export interface CaseInput {
  readonly shape: readonly number[];
  /** @default 1 */
  readonly scale?: number;
  /** Whole numbers are int32 and are not differentiated. */
  readonly integers?: readonly number[];
  readonly values?: readonly number[];
}

/** An operation on inputs of given shapes, with its float64 reference. */
export interface OpCase {
  /** Of the operation as the table of engines lists it: `layerNorm`. */
  readonly op: string;
  /** What is special about this case: `one row`. */
  readonly detail: string;
  readonly inputs: readonly CaseInput[];
  readonly run: (...inputs: Tensor[]) => Tensor;
  readonly reference: (...inputs: Array64[]) => Array64;
  /** False where there is no gradient, or none is needed. @default true */
  readonly backward?: boolean;
  /** Relative to the larger of 1 and the value. @default 2e-5 */
  readonly tolerance?: number;
}

const shapesText = (inputs: readonly CaseInput[]): string =>
  inputs.map(({ shape }) => `[${shape.join(', ')}]`).join(' ');

/** Names a case in messages. */
export function caseName({ op, detail, inputs }: OpCase): string {
  return `${op}${detail ? `, ${detail}` : ''}: ${shapesText(inputs)}`;
}

/** Cases of one operation: [detail, inputs] each. */
export function casesOf(
  op: string,
  variants: readonly (readonly [detail: string, ...inputs: CaseInput[]])[],
  run: OpCase['run'],
  reference: OpCase['reference'],
  options: Pick<OpCase, 'backward' | 'tolerance'> = {},
): OpCase[] {
  return variants.map(([detail, ...inputs]) => ({ op, detail, inputs, run, reference, ...options }));
}

/** Inputs of these shapes, drawn. */
export function drawnInputs(...shapes: readonly (readonly number[])[]): CaseInput[] {
  return shapes.map((shape) => ({ shape }));
}
