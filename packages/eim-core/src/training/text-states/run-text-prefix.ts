import type { Batch, ForwardOptions, ModelParts, Objective, Tensor3D } from '@eim/contracts/model';
import { createRandomStream } from '@eim/engine';
import { withMethods } from '../../compose/with-methods.js';
import type { TextPrefix } from './text-prefix.js';

/** Targets of a batch that is run for the sake of hidden states: what the LLM predicts is not wanted. */
export const TARGETS = 1;

/** What an objective gives the LLM of a batch. */
export interface LlmInput {
  /** `[R, S, hiddenSize]` */
  readonly embeddings: Tensor3D;
  readonly options: ForwardOptions;
}

/** Ends the objective where it would run the LLM. */
class ReachedLlm {
  constructor(readonly input: LlmInput) {}
}

/** What an objective gives the LLM of a batch, which it is not run on. Nothing is dropped. */
export function llmInput(parts: ModelParts, objective: Objective, batch: Batch): LlmInput {
  const llm = withMethods(parts.llm, {
    forward(embeddings, options = {}) {
      throw new ReachedLlm({ embeddings, options });
    },
  });
  try {
    objective.loss({ ...parts, llm }, batch, { training: false, random: createRandomStream('text states') });
  } catch (reached) {
    if (reached instanceof ReachedLlm) return reached.input;
    throw reached;
  }
  throw new Error(`The objective '${objective.name}' says that it runs its rows once, and runs none.`);
}

/**
 * What the frozen lower blocks of the LLM make of its input.
 * @param input of a batch with {@link TARGETS} targets, so that the product with the vocabulary is small
 * @returns `[R, S, hiddenSize]`
 */
export function runTextPrefix(
  { llm }: Pick<ModelParts, 'llm'>,
  { embeddings, options }: LlmInput,
  { block }: TextPrefix,
): Tensor3D {
  return llm.forward(embeddings, { ...options, training: false, hiddenLayers: [block] }).hidden!.get(block)!;
}
