import type { Injection, LanguageModel, PrefixInjection, Tensor } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';

/** A prefix and the text behind it, and where the text's begin token stands among the slots. */
export interface JoinedPrefix {
  /** The same of slots `[R, K, ...]` and of text `[R, T, ...]`, side by side. @returns `[R, K + T, ...]` */
  join<Shape extends Tensor>(slots: Shape, text: Shape): Shape;
  /** The injection as the LLM takes it beside the joined embeddings. */
  readonly injection: Injection;
}

/**
 * How a prefix and a text stand side by side: one after the other or, where the prefix says `beforeBegin`, its first slots,
 * the begin token, its other slots, and the rest of the text.
 * @param begins whether every row of the text starts with a begin token
 */
export function joinPrefix(injection: Injection, begins: boolean): JoinedPrefix {
  const { prefix } = injection;
  const first = prefix && splitAt(prefix, begins);
  if (prefix === undefined || first === undefined) {
    return { join: (slots, text) => tf.concat([slots, text], 1), injection };
  }
  const { visibleToLater } = prefix;
  return {
    join: (slots, text) => {
      const [begin, rest] = cut(text, 1);
      const [before, behind] = cut(slots, first);
      return tf.concat([before, begin, behind, rest], 1);
    },
    // the begin token stands among the first K positions, which the hidden slots must not be moved by
    injection: visibleToLater
      ? { ...injection, prefix: { ...prefix, visibleToLater: tf.slice(visibleToLater, 0, first) } }
      : injection,
  };
}

/** Whether the texts of an LLM start with a begin token. */
export const hasBegin = ({ specialTokens }: Pick<LanguageModel, 'specialTokens'>): boolean =>
  specialTokens.begin !== undefined;

/** Slots before the begin token; undefined where all are. */
function splitAt({ embeddings, beforeBegin }: PrefixInjection, begins: boolean): number | undefined {
  const slots = embeddings.shape[1];
  return !begins || beforeBegin === undefined || beforeBegin >= slots ? undefined : beforeBegin;
}

/** Both sides of `[R, N, ...]`, cut along N. */
function cut<Shape extends Tensor>(tensor: Shape, at: number): [Shape, Shape] {
  const [rows, length, ...rest] = tensor.shape as [number, number, ...number[]];
  const begin = [0, 0, ...rest.map(() => 0)];
  return [
    tf.slice(tensor, begin, [rows, at, ...rest]),
    tf.slice(tensor, [0, at, ...rest.map(() => 0)], [rows, length - at, ...rest]),
  ];
}
