import type { Tensor } from '@tensorflow/tfjs-core';

/** One operation as TensorFlow.js' tape notes it, as far as this package looks into it. */
interface TapeNode {
  gradient?: (outputGradients: Tensor[]) => Record<string, () => Tensor>;
}

/** Who is charged for what runs: the innermost of the names given. */
export class Accounts {
  readonly #names: string[] = [];

  get current(): string {
    return this.#names.at(-1) ?? '';
  }

  charge<Result>(name: string, work: () => Result): Result {
    this.#names.push(name);
    try {
      return work();
    } finally {
      this.#names.pop();
    }
  }
}

/** A tape on which the gradient of an operation is charged to whoever ran the operation. */
export function attributedTape(accounts: Accounts): TapeNode[] {
  const tape: TapeNode[] = [];
  tape.push = (...nodes: TapeNode[]): number => {
    for (const node of nodes) {
      const { gradient } = node;
      const name = accounts.current;
      if (gradient) {
        node.gradient = (outputGradients) => {
          const byInput = accounts.charge(name, () => gradient(outputGradients));
          return Object.fromEntries(
            Object.entries(byInput).map(([input, take]) => [input, () => accounts.charge(name, take)]),
          );
        };
      }
      tape[tape.length] = node;
    }
    return tape.length;
  };
  return tape;
}
