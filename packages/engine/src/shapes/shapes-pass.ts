import { EimError } from '@eim/contracts';
import { engine, type KernelBackend, tidy } from '@tensorflow/tfjs-core';
import { isCounting } from '../measure/multiply-adds.js';
import { Accounts, attributedTape } from './attributed-tape.js';
import { registerShapeKernels, type ShapesBackendName } from './kernels/register-shape-kernels.js';
import { ShapesBackend } from './shapes-backend.js';

type EngineState = ReturnType<typeof engine>['state'];

/** The part of TensorFlow.js' engine that says where operations run and what is counted as alive. */
interface EngineSeat {
  state: EngineState;
  backendName: string;
  backendInstance: KernelBackend;
}

/** What work would cost. */
export interface ShapesCost {
  /** Of all products and convolutions, forward and backward, as the operations of this package define them. */
  readonly multiplyAdds: number;
  /** The same by the names given to {@link chargedTo}, `''` for what runs under none. */
  readonly multiplyAddsBy: Readonly<Record<string, number>>;
  /** The most bytes that the work's tensors take at one time, beyond what the pass held before; an estimate. */
  readonly peakBytes: number;
}

let active: ShapesPass | undefined;

/** Whether what runs now runs on shapes alone, so that values need not be drawn or loaded. */
export function inShapesPass(): boolean {
  return active !== undefined;
}

/**
 * Charges what a function runs, forward and backward, to a name, in a shapes pass; outside of one it just runs it.
 * Of nested names the innermost is charged.
 */
export function chargedTo<Result>(name: string, work: () => Result): Result {
  return active ? active.accounts.charge(name, work) : work();
}

/**
 * Runs tensor code on shapes alone: no values, no memory, whichever engine is installed or current. What is made in a
 * pass (models, variables) may be used in the same pass again; nothing of it is seen outside, and neither the current
 * engine nor its memory count, scopes or tensors change. Tensors of other engines may be looked at: they are not
 * moved.
 * @example
 * const pass = new ShapesPass();
 * const model = pass.run(() => createGpt2(gpt2Presets['gpt2-medium'], { random }));
 * const cost = pass.measure(() => model.forward(fill([1, 128, 1024], 0)));
 */
export class ShapesPass {
  readonly accounts = new Accounts();
  readonly #backend = new ShapesBackend();
  readonly #state = this.#newState();
  #multiplyAdds = new Map<string, number>();

  /**
   * Runs work in this pass. Work that returns a promise keeps the pass open until that is settled: nothing else may
   * use tensors meanwhile.
   * @throws EimError 'invariant-violated' where a value is read back, 'missing-kernel' for an operation whose shape is
   *   not known here, 'invalid-argument' while another pass is open
   */
  run<Result>(work: () => Result): Result {
    return this.#on('shapes', work);
  }

  /**
   * What work costs that makes no lasting tensors. It runs twice: once as the operations are defined, for the
   * products, and once as fast engines fuse them, for the memory.
   */
  measure(work: () => unknown): ShapesCost {
    const counts = new Map<string, number>();
    this.#multiplyAdds = counts;
    this.#on('shapes', () => freed(work));
    this.#multiplyAdds = new Map();
    const heldBefore = this.#backend.liveBytes;
    this.#backend.startPeak();
    this.#on('shapes-fused', () => freed(work));
    return {
      multiplyAdds: [...counts.values()].reduce((sum, count) => sum + count, 0),
      multiplyAddsBy: Object.fromEntries(counts),
      peakBytes: this.#backend.peakBytes - heldBefore,
    };
  }

  /** Elements of all variables made in this pass and not disposed of in it. */
  get variableElements(): number {
    return Object.values(this.#state.registeredVariables).reduce((sum, { size }) => sum + size, 0);
  }

  #on<Result>(backendName: ShapesBackendName, work: () => Result): Result {
    if (active) {
      throw new EimError({
        code: 'invalid-argument',
        message: 'A shapes pass was opened while another one was open.',
        advice: 'Wait for the first one to end.',
      });
    }
    registerShapeKernels((multiplyAdds) => active!.#count(multiplyAdds));
    const seat = engine() as unknown as EngineSeat;
    const { state, backendName: name, backendInstance } = seat;
    Object.assign(seat, { state: this.#state, backendName, backendInstance: this.#backend });
    active = this;
    const leave = (): void => {
      active = undefined;
      Object.assign(seat, { state, backendName: name, backendInstance });
    };
    let result: Result;
    try {
      result = work();
    } catch (error) {
      leave();
      throw named(error);
    }
    if (!(result instanceof Promise)) {
      leave();
      return result;
    }
    return result.finally(leave).catch((error: unknown) => {
      throw named(error);
    }) as Result;
  }

  #count(multiplyAdds: number): void {
    if (!isCounting()) return;
    const name = this.accounts.current;
    this.#multiplyAdds.set(name, (this.#multiplyAdds.get(name) ?? 0) + multiplyAdds);
  }

  /** Bookkeeping of its own, so that whatever happens in the pass, the engine's memory count and scopes stay. */
  #newState(): EngineState {
    const state = new (engine().state.constructor as new () => EngineState)();
    const backend = this.#backend;
    // Of tensors from outside only the shapes may be read; their data is not moved and their values are refused.
    class KnownData extends WeakMap<object, { backend: KernelBackend }> {
      override get(dataId: object) {
        return super.get(dataId) ?? { backend };
      }
    }
    state.tensorInfo = new KnownData() as typeof state.tensorInfo;
    let tape: unknown = null;
    const own = new WeakSet<object>();
    Object.defineProperty(state, 'activeTape', {
      get: () => tape,
      set: (value: object | null) => {
        // A tape of this pass may be taken up again.
        tape = value === null || own.has(value) ? value : attributedTape(this.accounts);
        if (tape) own.add(tape);
      },
    });
    return state;
  }
}

function freed(work: () => unknown): void {
  tidy(() => {
    if (!(work() instanceof Promise)) return;
    throw new EimError({
      code: 'invalid-argument',
      message: 'Work to be measured returned a promise.',
      advice: 'Make what needs waiting for beforehand, by run.',
    });
  });
}

/** TensorFlow.js' words for an operation that a backend lacks, as an error of ours. */
function named(error: unknown): unknown {
  const [, kernel] = /Kernel '([^']+)' not registered for backend 'shapes/.exec(String(error)) ?? [];
  if (kernel === undefined) return error;
  return new EimError({
    code: 'missing-kernel',
    message: `The shape of what '${kernel}' gives is not known to a shapes pass.`,
    advice: 'Use operations of @eim/engine, or plain ones of TensorFlow.js whose results depend on no value.',
    data: { kernel },
    cause: error,
  });
}
