import type { RandomStream } from '@eim/contracts/model';
import type { DataId, Variable } from '@tensorflow/tfjs-core';

/** What a recorded function is given anew at each replay, in the order of its inputs. */
export type TraceInput =
  /** A tensor that the caller names. */
  | { readonly kind: 'named'; readonly name: string }
  /** Uniform draws: from which of the step's streams, and of what shape. */
  | { readonly kind: 'draw'; readonly stream: number; readonly shape: readonly number[] }
  /** A number that changes from step to step. */
  | { readonly kind: 'number'; readonly read: () => number }
  /** A variable that the step reads, by its value at the replay. */
  | { readonly kind: 'variable'; readonly variable: Variable }
  /** A tensor from outside that no name covers; it has to stay the same one. */
  | { readonly kind: 'outside'; readonly dataId: DataId };

/** A stream of the step: the one given, or a fork of another. */
export interface TracedStream {
  readonly parent?: number;
  readonly name?: string;
}

/** The streams of one step, made anew from the one given: forks are made when first drawn from. */
export function replayStreams(
  traced: readonly TracedStream[],
  given: RandomStream | undefined,
): (index: number) => RandomStream {
  const made = new Map<number, RandomStream>();
  const streamAt = (index: number): RandomStream => {
    const known = made.get(index);
    if (known) return known;
    const { parent, name } = traced[index]!;
    const stream = parent === undefined ? given! : streamAt(parent).fork(name!);
    made.set(index, stream);
    return stream;
  };
  return streamAt;
}
