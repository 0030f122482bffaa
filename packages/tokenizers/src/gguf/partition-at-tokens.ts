/** A token that is found in a text before it is split. */
export interface FoundToken {
  readonly id: number;
  readonly text: string;
  /** Text spells it only where special tokens are parsed. */
  readonly special: boolean;
  /** It takes in the ASCII white space before it. */
  readonly stripsLeft?: boolean;
  /** It takes in the ASCII white space behind it. */
  readonly stripsRight?: boolean;
}

const utf8Length = (text: string) => new TextEncoder().encode(text).length;

/** Longest first, in bytes: the order in which llama.cpp looks for tokens. */
export function inOrderOfSearch(tokens: readonly FoundToken[]): FoundToken[] {
  return tokens
    .map((token) => ({ token, length: utf8Length(token.text) }))
    .sort((a, b) => b.length - a.length)
    .map(({ token }) => token);
}

/**
 * Parts of a text and the tokens that it spells, one token after the other (llama.cpp, src/llama-vocab.cpp,
 * `tokenizer_st_partition`): of two that overlap, the longer one counts.
 * @param tokens in the order of {@link inOrderOfSearch}
 * @returns texts, none of them empty, and ids
 */
export function partitionAtTokens(text: string, tokens: readonly FoundToken[]): (string | number)[] {
  let parts: (string | number)[] = text === '' ? [] : [text];
  for (const token of tokens) {
    if (!parts.some((part) => typeof part === 'string' && part.includes(token.text))) continue;
    parts = parts.flatMap((part) => (typeof part === 'number' ? [part] : partition(part, token)));
  }
  return parts;
}

function partition(
  text: string,
  { id, text: name, stripsLeft, stripsRight }: FoundToken,
): (string | number)[] {
  const between = text.split(name);
  return between.flatMap((part, index) => {
    let rest = part;
    if (stripsLeft && index < between.length - 1) rest = rest.replace(/[ \t\n\v\f\r]+$/, '');
    if (stripsRight && index > 0) rest = rest.replace(/^[ \t\n\v\f\r]+/, '');
    return [...(index > 0 ? [id] : []), ...(rest === '' ? [] : [rest])];
  });
}
