import type { NamedTensorMap, Tensor, Variable } from '@tensorflow/tfjs-core';
import { type Scalar, tidy, variableGrads, zerosLike } from '@tensorflow/tfjs-core';
import { DrawLog } from '../random/draw-log.js';
import { onceThere } from '../recording/once-there.js';
import { dependentOn, inside, outsideInputs, takenOffTape } from './engine-tape.js';

/** What recomputation in a backward pass needs from its forward pass. */
interface Session {
  /** What the loss is differentiated by. */
  readonly variables: readonly Variable[];
  /** Tensors that are held until the backward pass has ended. */
  readonly held: Set<Tensor & { kept: boolean }>;
  dependent: ReadonlySet<number> | undefined;
}

let session: Session | undefined;

/**
 * `variableGrads` of TensorFlow.js, in which {@link recomputed} work is not kept for the backward pass.
 * @param loss gives a scalar
 * @returns the loss and its gradients by name; a variable that it does not depend on has none
 */
export function variableGradsRecomputing(
  loss: () => Scalar,
  variables: readonly Variable[],
): ReturnType<typeof variableGrads> {
  const outer = session;
  const own: Session = { variables, held: new Set(), dependent: undefined };
  session = own;
  try {
    return variableGrads(loss, [...variables]);
  } finally {
    session = outer;
    // Back to whichever scope is open now.
    for (const tensor of own.held) {
      tensor.kept = false;
      if (!tensor.isDisposed) inside().track(tensor);
    }
  }
}

/**
 * Work whose intermediate results are not kept for the backward pass, which does the work again (Chen et al. 2016, Training
 * deep nets with sublinear memory cost). Gradients go to `x`, and to everything else that the work uses: variables, and
 * tensors that were made before. Draws of tensors from random streams are the same the second time. It takes effect in
 * {@link variableGradsRecomputing}; elsewhere the work is simply done.
 * @param work a pure function, but for draws
 * @param x float32
 */
export function recomputed<Shape extends Tensor, Result extends Tensor>(
  work: (x: Shape) => Result,
  x: Shape,
): Result {
  const own = session;
  if (!own || !inside().isTapeOn()) return work(x);
  holdOpenScopes(own);
  const log = new DrawLog();
  let result: Result | undefined;
  const nodes = takenOffTape(() => {
    result = tidy(() => log.record(() => work(x)));
  });
  const others = outsideInputs(nodes).filter((tensor) => tensor.id !== x.id && tensor.dtype === 'float32');
  const inputs = [x, ...others];
  const names = inputs.map((_, index) => String(index));
  const named: NamedTensorMap = Object.fromEntries(inputs.map((tensor, index) => [names[index]!, tensor]));
  const backward = (outputGradient: Tensor) => {
    const { state } = inside();
    const tape = state.activeTape;
    own.dependent ??= dependentOn(own.variables, tape!);
    const wanted = inputs.filter(({ id }) => own.dependent!.has(id));
    const start = onceThere(x, outputGradient);
    const by = wanted.map((tensor) => (tensor === x ? start : tensor));
    const again = () => log.replay(() => work(start));
    const { value, grads } = inside().gradients(again, by, outputGradient, true);
    // Gradients inside of gradients would end the outer tape.
    state.activeTape = tape;
    value.dispose();
    const gradientOf = (tensor: Tensor) => grads[wanted.indexOf(tensor)] ?? zerosLike(tensor);
    return Object.fromEntries(inputs.map((tensor, index) => [names[index]!, () => gradientOf(tensor)]));
  };
  inside().addTapeNode('EimRecomputed', named, [result!], backward, [], {});
  return result!;
}

/** What the work may use again has to be there when it is done again. */
function holdOpenScopes({ held }: Session): void {
  for (const { track } of inside().state.scopeStack) {
    for (const tensor of track) {
      if (tensor.kept || tensor.isDisposed) continue;
      tensor.kept = true;
      held.add(tensor);
    }
  }
}
