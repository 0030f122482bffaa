import type { Tokenizer } from '@eim/contracts';
import type { GenerateRequest, LanguageModel } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';

/** How a text is generated: all of a request but its tensors. */
export interface StreamTextOptions
  extends Omit<GenerateRequest, 'embeddings' | 'mask' | 'injection' | 'promptIds'> {
  /** What the text continues; at least one id. */
  readonly ids: readonly number[];
  /** Absent: no text is made, ids alone. */
  readonly tokenizer?: Tokenizer | undefined;
  /** The answer ends before the first of these, which is not part of it. */
  readonly stopStrings?: readonly string[];
}

/** What is new since the last piece. */
export interface TextPiece {
  readonly ids: readonly number[];
  /** Whole characters alone; empty where the next tokens decide what it will be, or there is no tokenizer. */
  readonly text: string;
}

/** The mark of a character whose bytes are not all there yet. */
const UNFINISHED = '\ufffd';

/**
 * Generates one text and yields it as it comes. The text is what the answer adds to the decoded prompt, so that a
 * space between the two is kept.
 * @throws EimError `invalid-argument` for a request that cannot be carried out; the abort signal's reason
 */
export async function* streamText(
  model: LanguageModel,
  { ids: prompt, tokenizer, stopStrings = [], ...request }: StreamTextOptions,
): AsyncGenerator<TextPiece, void, undefined> {
  // a model's table may be longer than its vocabulary, to a round number: such ids have no text
  const textOf = (ids: readonly number[]): string =>
    tokenizer?.decode(ids.filter((id) => !(id >= tokenizer.vocabularySize))) ?? '';
  const before = textOf(prompt);
  const added = (ids: readonly number[]): string => {
    const whole = textOf([...prompt, ...ids]);
    return whole.startsWith(before) ? whole.slice(before.length) : textOf(ids);
  };
  const embeddings = tf.tidy(() => model.embed(tf.tensor2d([[...prompt]], undefined, 'int32'))); // [1, T, D]
  const ids: number[] = [];
  let shown = 0;
  try {
    for await (const step of model.generate({ ...request, embeddings, promptIds: [prompt] })) {
      const recent = step.ids[0]!;
      ids.push(...recent);
      const text = added(ids);
      const stop = firstStop(text, stopStrings);
      if (stop >= 0) {
        yield { ids: recent, text: text.slice(shown, Math.max(shown, stop)) };
        return;
      }
      const end = step.done ? text.length : text.length - heldBack(text, stopStrings);
      yield { ids: recent, text: text.slice(shown, Math.max(shown, end)) };
      shown = Math.max(shown, end);
    }
  } finally {
    embeddings.dispose();
  }
}

/** Where the first stop string begins; -1 where none is there. */
function firstStop(text: string, stopStrings: readonly string[]): number {
  const places = stopStrings.map((stop) => text.indexOf(stop)).filter((place) => place >= 0);
  return places.length === 0 ? -1 : Math.min(...places);
}

/** Characters at the end that the next tokens may yet change: unfinished ones, and beginnings of stop strings. */
function heldBack(text: string, stopStrings: readonly string[]): number {
  let unfinished = 0;
  while (unfinished < text.length && text[text.length - 1 - unfinished] === UNFINISHED) unfinished++;
  const begun = stopStrings.map((stop) => {
    for (let length = Math.min(stop.length - 1, text.length); length > 0; length--) {
      if (text.endsWith(stop.slice(0, length))) return length;
    }
    return 0;
  });
  return Math.max(unfinished, ...begun);
}
