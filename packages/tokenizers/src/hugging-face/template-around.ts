import type { SurroundingTokens } from '../published/surrounding-tokens.js';

/** The `post_processor` that puts tokens around a text; null where there are none. */
export function templateAround(
  { before, after }: SurroundingTokens,
  tokens: readonly string[],
): object | null {
  if (before.length + after.length === 0) return null;
  const token = (id: number) => ({ SpecialToken: { id: tokens[id], type_id: 0 } });
  const around = (text: object) => [...before.map(token), text, ...after.map(token)];
  const named = [...new Set([...before, ...after])].map((id) => [
    tokens[id],
    { id: tokens[id], ids: [id], tokens: [tokens[id]] },
  ]);
  const text = (id: string) => ({ Sequence: { id, type_id: 0 } });
  return {
    type: 'TemplateProcessing',
    single: around(text('A')),
    pair: [...around(text('A')), ...around(text('B'))],
    special_tokens: Object.fromEntries(named),
  };
}
