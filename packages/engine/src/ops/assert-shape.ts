import { EimError } from '@eim/contracts';
import type { Tensor } from '@tensorflow/tfjs-core';

/** A size that a tensor's axis must have; null where any will do. */
export type ExpectedSize = number | null;

/** Throws an EimError that names the operation and its argument where a tensor has another shape. */
export function assertShape(
  operation: string,
  argument: string,
  tensor: Tensor,
  expected: readonly ExpectedSize[],
): void {
  const fits =
    tensor.shape.length === expected.length &&
    expected.every((size, axis) => size === null || size === tensor.shape[axis]);
  if (fits) return;
  const wanted = expected.map((size) => size ?? 'any').join(', ');
  throw new EimError({
    code: 'invalid-argument',
    message: `${operation}: ${argument} has shape [${tensor.shape.join(', ')}] where [${wanted}] is needed.`,
    data: { operation, argument, shape: [...tensor.shape], expected: [...expected] },
  });
}

/** Throws an EimError where a number is not what an operation can use. */
export function assertArgument(operation: string, holds: boolean, problem: string): void {
  if (!holds) throw new EimError({ code: 'invalid-argument', message: `${operation}: ${problem}` });
}
