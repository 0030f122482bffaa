import { EimError, type ExportNeighbours, type PluginEntry } from '@eim/contracts';
import type { LanguageModel, Parametric } from '@eim/contracts/model';
import { parameterValues } from '@eim/nn';

/** The LLM of a run, for an ST whose program keeps both in one file. */
export function exportNeighbours(
  llm: LanguageModel,
  // biome-ignore lint/suspicious/noExplicitAny: each entry checks its own options
  entry: PluginEntry<any, any, LanguageModel>,
): ExportNeighbours {
  return {
    llmValues: parameterValues(llm),
    async llmTensors(target) {
      const written = entry.exports?.find((one) => one.target === target);
      if (!written) return undefined;
      refuseQuantised(llm);
      return (await written.checkpoint(llm)).tensors;
    },
  };
}

/** @throws EimError `invalid-argument` where weights are held in a form that no other program's checkpoint has */
export function refuseQuantised(part: Pick<Parametric, 'readOnlyWeights'>): void {
  const [held] = part.readOnlyWeights?.() ?? [];
  if (!held) return;
  throw new EimError({
    code: 'invalid-argument',
    message: `'${held.name}' is held as ${held.format}, which the other program's checkpoint has no form for.`,
    advice: 'Train with weights that are not quantised, or write the ST alone by --st-alone.',
    data: { weight: held.name, format: held.format },
  });
}
