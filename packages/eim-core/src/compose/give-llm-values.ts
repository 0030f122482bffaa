import { EimError } from '@eim/contracts';
import type { LanguageModel, SemanticTransform } from '@eim/contracts/model';
import { tensor, tidy } from '@tensorflow/tfjs-core';

/**
 * Gives the LLM what the published weights of the ST hold for it: once, when the two are joined. Parameters that still await
 * their values are left to whoever gives them.
 * @throws EimError `width-mismatch` where the LLM has no such parameter, or one of another size
 * @example
 * const st = await loadLlamaAdapterV2(weights, { encoder, llm });
 * giveLlmValues(st, llm); // LLaMA's norms
 */
export function giveLlmValues(st: SemanticTransform, llm: LanguageModel): void {
  if (!st.llmValues) return;
  const parameters = new Map(llm.parameters().map((parameter) => [parameter.name, parameter]));
  for (const [name, values] of st.llmValues) {
    const parameter = parameters.get(name);
    if (parameter?.awaiting) continue;
    if (parameter?.variable.size !== values.length)
      throw unfit(name, values.length, parameter?.variable.size);
    const { variable } = parameter;
    tidy(() => variable.assign(tensor(values, variable.shape)));
  }
}

const unfit = (name: string, given: number, size: number | undefined): EimError =>
  new EimError({
    code: 'width-mismatch',
    message: `The ST's weights hold ${given} values for '${name}' of the LLM, which has ${size === undefined ? 'no such parameter' : `${size} there`}.`,
    advice: 'Use the LLM that they were trained with.',
    data: { name, given, size },
  });
