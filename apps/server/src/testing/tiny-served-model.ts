import { composeModel } from '@eim/core';
import { createTinyParts, createTinyTokenizer } from '@eim/core/testing';
import { createRandomStream, startEngine } from '@eim/engine';
import { decodeTokens } from '@eim/nn';
import { plainForm, type SchedulerLimits, ServedModel } from '@eim/runs/serving';

export interface TinyServedModelOptions {
  readonly id?: string;
  readonly limits?: SchedulerLimits;
  /** Without encoder and ST. */
  readonly isText?: boolean;
  /** No token ends an answer. */
  readonly isEndless?: boolean;
  /** Called before each pass of the LLM. */
  readonly onForward?: () => void;
  /** @default 60 */
  readonly contextLength?: number;
}

/** A model of three tiny parts and of a vocabulary of a few words, on the reference engine. */
export async function tinyServedModel(options: TinyServedModelOptions = {}): Promise<ServedModel> {
  const { id = 'tiny', limits, isText = false, isEndless, onForward, contextLength = 60 } = options;
  await startEngine({ engine: 'cpu' });
  const tokenizer = createTinyTokenizer(['red', 'blue', 'square', 'disc', 'a', 'is', 'it', 'café']);
  const random = createRandomStream('served');
  const made = createTinyParts({ random, tokenizer, contextLength });
  const { llm } = made;
  llm.generate = (request) => decodeTokens(llm, request);
  if (isEndless) Object.assign(llm, { stopTokens: [] });
  const forward = llm.forward.bind(llm);
  llm.forward = (...given) => {
    onForward?.();
    return forward(...given);
  };
  const opened = {
    path: `/models/${id}`,
    kind: 'run' as const,
    parts: isText ? { llm } : made,
    form: plainForm(tokenizer),
    dispose: () => composeModel(made).dispose(),
  };
  return new ServedModel(id, opened, limits);
}
