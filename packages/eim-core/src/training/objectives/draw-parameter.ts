import type { Parameter, ParameterRole, RandomStream } from '@eim/contracts/model';
import { inShapesPass } from '@eim/engine';
import { fill, tensor, variable } from '@tensorflow/tfjs-core';

/** A parameter that exists during training alone. @param deviation of the normal draw; 0 gives zeros */
export function drawParameter(
  name: string,
  shape: readonly number[],
  role: ParameterRole,
  random: RandomStream,
  deviation: number,
): Parameter {
  const initial = inShapesPass()
    ? fill([...shape], 0)
    : tensor(drawn(shape, random.fork(name), deviation), [...shape]);
  const parameter = { name, variable: variable(initial), role, depth: 0 };
  initial.dispose();
  return parameter;
}

function drawn(shape: readonly number[], stream: RandomStream, deviation: number): Float32Array {
  const size = shape.reduce((product, side) => product * side, 1);
  const draw = deviation === 0 ? () => 0 : () => stream.normal() * deviation;
  return Float32Array.from({ length: size }, draw);
}
