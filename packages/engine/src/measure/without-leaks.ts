import { EimError } from '@eim/contracts';
import { memory, tensor_util } from '@tensorflow/tfjs-core';

/**
 * Runs a function and checks that it leaves no tensor behind but those it returns.
 * @param name what the error message calls the function
 * @throws EimError 'invariant-violated' with the number left
 */
export function withoutLeaks<Result>(name: string, fn: () => Result): Result {
  const before = memory().numTensors;
  const check = (result: Awaited<Result>): Awaited<Result> => {
    const returned = tensor_util.getTensorsInContainer(result as never).length;
    const left = memory().numTensors - before - returned;
    if (left === 0) return result;
    throw new EimError({
      code: 'invariant-violated',
      message:
        left > 0
          ? `${name} left ${left} tensor${left === 1 ? '' : 's'} behind.`
          : `${name} disposed of ${-left} tensor${left === -1 ? '' : 's'} that it did not make.`,
      advice: 'Wrap its work in tidy, or dispose of what it makes.',
      data: { name, left },
    });
  };
  const result = fn();
  if (result instanceof Promise) return result.then(check) as Result;
  return check(result as Awaited<Result>) as Result;
}
