import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import { engine } from '@tensorflow/tfjs-core';

/** One operation as TensorFlow.js' tape notes it. */
export interface TapeNode {
  readonly inputs: NamedTensorMap;
  readonly outputs: readonly Tensor[];
  readonly saved?: readonly Tensor[];
}

/** The inside of TensorFlow.js' engine, as far as recomputation reaches into it. */
interface EngineInside {
  readonly state: {
    activeTape: TapeNode[] | null;
    readonly scopeStack: readonly { readonly track: readonly (Tensor & { kept: boolean })[] }[];
  };
  isTapeOn(): boolean;
  track<Shape extends Tensor>(tensor: Shape): Shape;
  addTapeNode(
    name: string,
    inputs: NamedTensorMap,
    outputs: readonly Tensor[],
    gradient: (outputGradient: Tensor) => Record<string, () => Tensor>,
    saved: readonly Tensor[],
    attributes: object,
  ): void;
  gradients(
    compute: () => Tensor,
    by: readonly Tensor[],
    outputGradient: Tensor,
    allowNoGradients: boolean,
  ): { readonly value: Tensor; readonly grads: readonly (Tensor | undefined)[] };
}

export const inside = (): EngineInside => engine() as unknown as EngineInside;

/** What some work added to the tape, taken off it; the copies that it had saved are freed. */
export function takenOffTape(work: () => void): TapeNode[] {
  const tape = inside().state.activeTape!;
  const start = tape.length;
  work();
  const nodes = tape.splice(start);
  for (const { saved = [] } of nodes) for (const copy of saved) copy.dispose();
  return nodes;
}

/** What operations took that none of them made, each once. */
export function outsideInputs(nodes: readonly TapeNode[]): Tensor[] {
  const made = new Set(nodes.flatMap(({ outputs }) => outputs.map(({ id }) => id)));
  const found = new Map<number, Tensor>();
  for (const { inputs } of nodes) {
    for (const input of Object.values(inputs)) if (input && !made.has(input.id)) found.set(input.id, input);
  }
  return [...found.values()];
}

/** Numbers of the tensors that depend on some others, these included. */
export function dependentOn(tensors: readonly Tensor[], tape: readonly TapeNode[]): Set<number> {
  const found = new Set(tensors.map(({ id }) => id));
  for (const { inputs, outputs } of tape) {
    if (Object.values(inputs).some((input) => input && found.has(input.id)))
      for (const { id } of outputs) found.add(id);
  }
  return found;
}
