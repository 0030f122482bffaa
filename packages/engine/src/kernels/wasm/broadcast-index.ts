import { util } from '@tensorflow/tfjs-core';

/** From an index into a broadcast shape to the index into an operand of it, whose axes of size 1 are repeated. */
export function broadcastIndex(own: number[], broadcast: number[]): (index: number) => number {
  if (util.arraysEqual(own, broadcast)) return (index) => index;
  const lead = broadcast.length - own.length;
  return (index) => {
    let rest = index;
    let result = 0;
    let stride = 1;
    for (let axis = broadcast.length - 1; axis >= lead; axis--) {
      const size = own[axis - lead]!;
      if (size !== 1) result += (rest % broadcast[axis]!) * stride;
      stride *= size;
      rest = Math.floor(rest / broadcast[axis]!);
    }
    return result;
  };
}
