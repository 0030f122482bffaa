import type { RandomStream } from '@eim/contracts/model';
import { drawn } from '../random/draw-log.js';
import type { StepTrace } from './step-trace.js';
import { TraceProblem } from './trace-problem.js';

/** A stream that notes draws of tensors instead of making them. Draws in JavaScript would be frozen: refused. */
export function tracedRandom(trace: StepTrace, index: number): RandomStream {
  const refuse = (method: string) => (): never => {
    throw new TraceProblem(
      `it draws random.${method}() in JavaScript, which would be frozen; draw before the step`,
    );
  };
  return {
    uniform: refuse('uniform'),
    integer: refuse('integer'),
    normal: refuse('normal'),
    shuffle: refuse('shuffle'),
    state: refuse('state'),
    restore: refuse('restore'),
    fork: (name) => tracedRandom(trace, trace.forkStream(index, name)),
    uniformTensor: (shape) =>
      drawn(() => {
        const input = trace.draw(index, shape);
        return () => trace.inputTensor(input, shape);
      }),
  };
}
