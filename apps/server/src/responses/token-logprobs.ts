import type { AnsweredToken, RatedToken } from '@eim/runs/serving';

export interface TokenText {
  textOf(token: RatedToken): string;
}

/** A token of `logprobs.content`. */
export interface ListedToken {
  readonly token: string;
  readonly logprob: number;
  /** In UTF-8; null for a token that is a part of a character. */
  readonly bytes: readonly number[] | null;
}

const PART_OF_CHARACTER = '\ufffd';
/** JSON has no infinity: OpenAI's API writes -9999 for what is all but impossible. */
const finite = (value: number) => Math.max(value, -9999);

function listed(token: RatedToken, model: TokenText): ListedToken {
  const text = model.textOf(token);
  const bytes = text.includes(PART_OF_CHARACTER) ? null : [...new TextEncoder().encode(text)];
  return { token: text, logprob: finite(token.logProbability), bytes };
}

/** `logprobs` of a chat completion's choice; null where none were asked for. */
export function chatLogprobs(tokens: readonly AnsweredToken[] | undefined, model: TokenText) {
  if (tokens === undefined) return null;
  const content = tokens.map((token) => ({
    ...listed(token, model),
    top_logprobs: token.likeliest.map((each) => listed(each, model)),
  }));
  return { content, refusal: null };
}

/**
 * `logprobs` of a completion's choice, in OpenAI's older form; null where none were asked for.
 * @param offset characters of the answer before these tokens
 */
export function completionLogprobs(
  tokens: readonly AnsweredToken[] | undefined,
  model: TokenText,
  offset: number,
) {
  if (tokens === undefined) return null;
  const texts = tokens.map((token) => model.textOf(token));
  let at = offset;
  const offsets = texts.map((text) => {
    at += text.length;
    return at - text.length;
  });
  return {
    tokens: texts,
    token_logprobs: tokens.map(({ logProbability }) => finite(logProbability)),
    top_logprobs: tokens.map(({ likeliest }) =>
      Object.fromEntries(likeliest.map((each) => [model.textOf(each), finite(each.logProbability)])),
    ),
    text_offset: offsets,
  };
}
