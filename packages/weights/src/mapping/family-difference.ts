import type { WeightsDescription } from '@eim/contracts';

/** A family of models that is not computed, and in what it differs from one that is. */
export interface FamilyDifference {
  /** As people call it. */
  readonly family: string;
  /** Goes on from "it has": "norms of queries and keys". */
  readonly has: string;
}

/** What weights call their family: `model_type` of a `config.json`, or a GGUF's architecture. */
export function familyName({ config }: Pick<WeightsDescription, 'config'>): string | undefined {
  const { model_type: type, 'general.architecture': architecture } = config;
  const family = type ?? architecture;
  return typeof family === 'string' ? family : undefined;
}

/**
 * A sentence about weights that name a family of the table; undefined of all others.
 * @param table by the family's name, in small letters and digits alone: `gpt_neox` and `gptneox` are one
 * @param computed what the package computes: `LLaMA`
 * @example
 * distinguishFamily(weights, { qwen3: { family: 'Qwen 3', has: 'norms of queries and keys' } }, 'LLaMA');
 * // 'Its family, Qwen 3 ("qwen3"), is not computed: unlike LLaMA it has norms of queries and keys.'
 */
export function distinguishFamily(
  weights: Pick<WeightsDescription, 'config'>,
  table: Readonly<Record<string, FamilyDifference>>,
  computed: string,
): string | undefined {
  const name = familyName(weights);
  const key = name?.toLowerCase().replace(/[^a-z0-9]/g, '') ?? '';
  if (!Object.hasOwn(table, key)) return undefined;
  const { family, has } = table[key]!;
  return `Its family, ${family} (${JSON.stringify(name)}), is not computed: unlike ${computed} it has ${has}.`;
}
