/** Special tokens that a tokenizer puts around a text. */
export interface SurroundingTokens {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

const NONE: SurroundingTokens = { before: [], after: [] };

/**
 * What the `post_processor` of a `tokenizer.json` puts around a single text.
 * @param named ids by the text of special tokens
 */
export function surroundingTokens(processor: unknown, named: ReadonlyMap<string, number>): SurroundingTokens {
  const { type, single, processors, cls, sep } = (processor ?? {}) as Record<string, unknown>;
  if (type === 'Sequence' && Array.isArray(processors)) {
    return processors.map((part) => surroundingTokens(part, named)).find(addsSomething) ?? NONE;
  }
  if (type === 'RobertaProcessing' || type === 'BertProcessing') {
    return { before: idsOf(cls), after: idsOf(sep) };
  }
  if (type !== 'TemplateProcessing' || !Array.isArray(single)) return NONE;
  const parts = single as { SpecialToken?: { id?: unknown }; Sequence?: unknown }[];
  const text = parts.findIndex((part) => part?.Sequence !== undefined);
  const ids = (from: number, to: number) =>
    parts.slice(from, to).flatMap((part) => named.get(String(part?.SpecialToken?.id)) ?? []);
  return { before: ids(0, text), after: ids(text + 1, parts.length) };
}

function addsSomething({ before, after }: SurroundingTokens): boolean {
  return before.length + after.length > 0;
}

/** `["<s>", 0]` */
function idsOf(pair: unknown): number[] {
  return Array.isArray(pair) && typeof pair[1] === 'number' ? [pair[1]] : [];
}
