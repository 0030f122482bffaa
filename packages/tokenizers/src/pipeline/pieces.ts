/** A part of a text before it is encoded. */
export interface TextPiece {
  readonly text: string;
  /** Whether it begins where the whole text begins. */
  readonly atStart: boolean;
}

/** What becomes of the places where a pattern matches (tokenizers, `SplitDelimiterBehavior`). */
export const SPLIT_BEHAVIORS = [
  'Isolated',
  'Removed',
  'MergedWithPrevious',
  'MergedWithNext',
  'Contiguous',
] as const;
export type SplitBehavior = (typeof SPLIT_BEHAVIORS)[number];

interface Span {
  readonly from: number;
  readonly to: number;
  readonly isMatch: boolean;
}

/**
 * Splits a piece at the matches of a pattern (huggingface/tokenizers, `NormalizedString::split`).
 * @param pattern global
 * @param invert what lies between the matches counts as the matches
 * @returns pieces, none of them empty
 */
export function splitPiece(
  { text, atStart }: TextPiece,
  pattern: RegExp,
  behavior: SplitBehavior,
  invert = false,
): TextPiece[] {
  const spans = spansOf(text, pattern).map((span) => ({ ...span, isMatch: span.isMatch !== invert }));
  return joined(spans, behavior)
    .filter(({ from, to }) => to > from)
    .map(({ from, to }) => ({ text: text.slice(from, to), atStart: atStart && from === 0 }));
}

function spansOf(text: string, pattern: RegExp): Span[] {
  const spans: Span[] = [];
  let at = 0;
  for (const { 0: match, index } of text.matchAll(pattern)) {
    if (index > at) spans.push({ from: at, to: index, isMatch: false });
    at = index + match.length;
    spans.push({ from: index, to: at, isMatch: true });
  }
  if (at < text.length) spans.push({ from: at, to: text.length, isMatch: false });
  return spans;
}

function joined(spans: readonly Span[], behavior: SplitBehavior): readonly Span[] {
  switch (behavior) {
    case 'Isolated':
      return spans;
    case 'Removed':
      return spans.filter(({ isMatch }) => !isMatch);
    case 'Contiguous':
      return gathered(spans, (span, before) => span.isMatch === (before?.isMatch ?? false));
    case 'MergedWithPrevious':
      return gathered(spans, (span, before) => span.isMatch && !(before?.isMatch ?? false));
    case 'MergedWithNext':
      return gathered(
        [...spans].reverse(),
        (span, after) => span.isMatch && !(after?.isMatch ?? false),
      ).reverse();
  }
}

/** Joins each span that belongs to the one before it in the list. */
function gathered(
  spans: readonly Span[],
  belongs: (span: Span, before: Span | undefined) => boolean,
): Span[] {
  const groups: Span[] = [];
  let before: Span | undefined;
  for (const span of spans) {
    const last = groups.at(-1);
    if (last !== undefined && belongs(span, before)) {
      const ends = { from: Math.min(last.from, span.from), to: Math.max(last.to, span.to) };
      groups[groups.length - 1] = { ...last, ...ends };
    } else groups.push(span);
    before = span;
  }
  return groups;
}
