import type { Row, SpecialTokens, Tokenizer } from '@eim/contracts';

/** A row's text as token ids, and which of them are to be predicted. */
export interface RowTokens {
  /** Begin (where the family has one), prompt, answer, end. */
  readonly ids: Int32Array;
  /** Ids before the last answer, the begin token included. */
  readonly promptLength: number;
  /** Starts and ends of the supervised ranges, one after the other: `[start, end, start, end, ...]`. */
  readonly supervised: readonly number[];
  /** Whether tokens were left out because the row was too long. */
  readonly cut: boolean;
}

/**
 * What a row that is too long loses: `answer-first` the end of its answer, then the start of its prompt, and keeps its end token;
 * `end` whatever stands behind the greatest length, as published fine-tuning programs do it (LaVIN, LLaMA-Adapter): the end
 * token, the answer and more of the prompt, until nothing of it is supervised.
 */
export type RowCut = 'answer-first' | 'end';

/** Ids of everything before a row's answer, and which of them belong to earlier answers. */
export interface PromptTokens {
  readonly ids: readonly number[];
  readonly supervised: readonly number[];
}

/**
 * The ids that a row's answer follows: the begin token, the system message, earlier exchanges, each answer with its end token, and
 * the prompt. Texts are not changed: the template of a chat is part of them.
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
 * A row with one of its answers. The answer's ids are the end of the whole text's ids, as in the published fine-tuning
 * programs, unless a token would then span the border between prompt and answer: no generation from the prompt alone could
 * produce it.
 * @param maxTokens greatest number of ids
 * @param cut what too long a row loses
 */
export function rowTokens(
  row: Row,
  answer: string,
  tokenizer: Tokenizer,
  maxTokens = Number.POSITIVE_INFINITY,
  cut: RowCut = 'answer-first',
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
  if (cut === 'end') return cutBehind([...before.ids, ...after, end], before, maxTokens);
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

function cutBehind(ids: readonly number[], before: PromptTokens, maxTokens: number): RowTokens {
  const start = before.ids.length;
  const supervised: number[] = [];
  const ranges = [...before.supervised, start, ids.length];
  for (let at = 0; at < ranges.length; at += 2) {
    const [from, to] = [ranges[at]!, Math.min(ranges[at + 1]!, maxTokens)];
    if (from < to) supervised.push(from, to);
  }
  const kept = Int32Array.from(ids.slice(0, maxTokens));
  return { ids: kept, promptLength: Math.min(start, maxTokens), supervised, cut: true };
}

/** Ids of a text and of what follows it. Joined, they are the ids of the whole, if no token spans the border. */
function encodeAfter(tokenizer: Tokenizer, text: string, following: string) {
  if (text === '') return { before: [], after: tokenizer.encode(following) };
  const before = tokenizer.encode(text);
  const whole = tokenizer.encode(text + following);
  const joins = before.every((id, index) => whole[index] === id);
  return { before, after: joins ? whole.slice(before.length) : tokenizer.encode(following) };
}
