import type { Row, SpecialTokens, Tokenizer } from '@eim/contracts';

/** A row's text as token ids, and which of them are to be predicted. */
export interface RowTokens {
  /** Begin (where the family has one), prompt, answer, end. */
  readonly ids: Int32Array;
  /** Ids before the last answer, the begin token included. */
  readonly promptLength: number;
  /** Starts and ends of what is supervised, one after the other: `[start, end, start, end, ...]`. */
  readonly supervised: readonly number[];
  /** Whether tokens were left out because the row was too long. */
  readonly cut: boolean;
}

/** Ids of all that stands before a row's answer, and what of it earlier answers are. */
export interface PromptTokens {
  readonly ids: readonly number[];
  readonly supervised: readonly number[];
}

/**
 * What a row's answer follows: the begin token, the system message, earlier exchanges, each answer with its end token, and
 * the prompt. Texts are taken as they are; a chat's template is part of the texts.
 */
export function promptTokens(
  row: Pick<Row, 'prompt' | 'earlier' | 'system'>,
  tokenizer: Tokenizer,
  { begin, end }: SpecialTokens = tokenizer.specialTokens,
): PromptTokens {
  const ids: number[] = begin === undefined ? [] : [begin];
  const supervised: number[] = [];
  if (row.system) ids.push(...tokenizer.encode(row.system));
  for (const { prompt, answer } of row.earlier ?? []) {
    const joined = encodeAfter(tokenizer, prompt, answer);
    ids.push(...joined.before);
    supervised.push(ids.length, ids.length + joined.after.length + 1);
    ids.push(...joined.after, end);
  }
  if (row.prompt !== '') ids.push(...tokenizer.encode(row.prompt));
  return { ids, supervised };
}

/**
 * A row with one of its answers. The answer is cut as the end of the whole text, as the published fine-tuning programs do,
 * unless that would merge a token over the border: what is generated from the prompt alone could not be that.
 * @param maxTokens greatest number of ids; what is too much is left out of the answer's end, then of the prompt's start
 */
export function rowTokens(
  row: Row,
  answer: string,
  tokenizer: Tokenizer,
  maxTokens = Number.POSITIVE_INFINITY,
): RowTokens {
  const { begin, end } = tokenizer.specialTokens;
  const first = begin === undefined ? 0 : 1;
  const before = promptTokens(row, tokenizer);
  const { after } = encodeAfter(tokenizer, row.prompt, answer);
  const room = maxTokens - first - 1;
  const promptLength = before.ids.length - first;
  if (promptLength + after.length <= room) {
    const start = before.ids.length;
    return {
      ids: Int32Array.from([...before.ids, ...after, end]),
      promptLength: start,
      supervised: [...before.supervised, start, start + after.length + 1],
      cut: false,
    };
  }
  const kept = Math.max(room - promptLength, Math.min(after.length, Math.floor(room / 2)));
  const dropped = Math.max(0, promptLength + kept - room);
  const head = [...before.ids.slice(0, first), ...before.ids.slice(first + dropped)];
  const shifted = before.supervised.map((place) => Math.max(first, place - dropped));
  return {
    ids: Int32Array.from([...head, ...after.slice(0, kept), end]),
    promptLength: head.length,
    supervised: [...shifted, head.length, head.length + Math.min(kept, after.length) + 1],
    cut: true,
  };
}

/** A text and what follows it, as ids that join to those of the whole where its tokens allow that. */
function encodeAfter(tokenizer: Tokenizer, text: string, following: string) {
  if (text === '') return { before: [], after: tokenizer.encode(following) };
  const before = tokenizer.encode(text);
  const whole = tokenizer.encode(text + following);
  const joins = before.every((id, index) => whole[index] === id);
  return { before, after: joins ? whole.slice(before.length) : tokenizer.encode(following) };
}
