import type { Parameter, ParameterRole, RandomStream } from '@eim/contracts/model';
import { tensor, variable } from '@tensorflow/tfjs-core';

/** A parameter that exists during training alone. @param deviation of the normal draw; 0 gives zeros */
export function drawParameter(
  name: string,
  shape: readonly number[],
  role: ParameterRole,
  random: RandomStream,
  deviation: number,
): Parameter {
  const size = shape.reduce((product, side) => product * side, 1);
  const stream = random.fork(name);
  const draw = deviation === 0 ? () => 0 : () => stream.normal() * deviation;
  const initial = tensor(Float32Array.from({ length: size }, draw), [...shape]);
  const parameter = { name, variable: variable(initial), role, depth: 0 };
  initial.dispose();
  return parameter;
}
