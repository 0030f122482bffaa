import type { Dataset, Row } from '@eim/contracts';

/** Greatest length of a row in tokens, unless a config gives another. */
const CAPTION_LENGTH = 40;
const PROMPT_LENGTH = 512;

/** Whether a row asks something. */
export const hasPrompt = ({ prompt, earlier, system }: Row): boolean =>
  Boolean(prompt || system || earlier?.length);

/** Greatest length of a row in tokens: the config's, else one that suits the data. */
export function maxTextLength(
  { maxTextLength: given }: { readonly maxTextLength?: number | undefined },
  dataset: Dataset,
): number {
  if (given !== undefined) return given;
  const asks = dataset.splits.some((split) => dataset.split(split).some(hasPrompt));
  return asks ? PROMPT_LENGTH : CAPTION_LENGTH;
}
