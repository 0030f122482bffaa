import type { WeightsDescription } from '@eim/contracts';

const TABLE = 'wte.weight';

/**
 * What stands before the names: nothing in OpenAI's files, `transformer.` in Hugging Face's with a head,
 * `gpt.transformer.` in ClipCap's. Undefined where the names are none of GPT-2's.
 */
export function findGpt2Prefix({ tensorNames, has }: WeightsDescription): string | undefined {
  const table = tensorNames.find((name) => name === TABLE || name.endsWith(`.${TABLE}`));
  const prefix = table?.slice(0, -TABLE.length);
  return prefix !== undefined && has(`${prefix}h.0.attn.c_attn.weight`) ? prefix : undefined;
}

/** Whether weights are GPT-2's: by the family that they name themselves, else by their names. */
export function recogniseGpt2(weights: WeightsDescription): boolean {
  const { model_type: type } = weights.config;
  return typeof type === 'string' ? type === 'gpt2' : findGpt2Prefix(weights) !== undefined;
}
