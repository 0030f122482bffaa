import type { Tokenizer } from '@eim/contracts';
import { EimError } from '@eim/contracts';
import type { GenerateRequest, Injection, ModelParts } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';
import { holdTensors } from './hold-tensors.js';

/** Decoding is greedy unless `beams` or `temperature` say otherwise. */
export interface ContinuePromptOptions
  extends Pick<
    GenerateRequest,
    'temperature' | 'topK' | 'topP' | 'repetitionPenalty' | 'beams' | 'lengthPenalty' | 'random' | 'signal'
  > {
  /** Absent: as many as fit into the LLM's context. */
  readonly maxNewTokens?: number;
  /** Ids that end a text besides the tokenizer's end token. */
  readonly stopTokens?: readonly number[];
  /** Text that every text continues; not part of what is returned. */
  readonly prompt?: string;
}

/** What stands before the prompt in every row of a batch. */
export interface RowsBefore {
  readonly batch: number;
  readonly injection: Injection;
  /** Slots of the injection's prefix. */
  readonly prefixLength: number;
}

/** The ids that every row continues: the family's begin token and the prompt. */
export function promptIdsOf(llm: ModelParts['llm'], prompt: string, tokenizer: Tokenizer): number[] {
  const { begin } = llm.specialTokens;
  return [...(begin === undefined ? [] : [begin]), ...tokenizer.encode(prompt)];
}

/**
 * How many new tokens there may be.
 * @throws EimError `invalid-argument` where prefix, prompt and new tokens do not fit into the LLM's context
 */
export function checkRoom(
  llm: ModelParts['llm'],
  prefixLength: number,
  promptLength: number,
  maxNewTokens: number | undefined,
): number {
  const room = llm.contextLength - prefixLength - promptLength;
  const wanted = maxNewTokens ?? room;
  if (prefixLength + promptLength === 0) {
    throw new EimError({
      code: 'invalid-argument',
      message:
        'There is nothing to continue: there is no prefix, the LLM has no begin token, and no prompt was given.',
      advice: 'Give a prompt.',
    });
  }
  if (wanted <= room && wanted >= 1) return wanted;
  throw new EimError({
    code: 'invalid-argument',
    message: `${wanted} new tokens do not fit: the LLM has ${llm.contextLength} positions, of which the prefix takes ${prefixLength} and the prompt ${promptLength}.`,
    advice:
      room < 1
        ? `Shorten the prompt to ${promptLength + room - 1} tokens at most, or take an LLM of a longer context.`
        : `Ask for at least 1 and at most ${room} new tokens.`,
    data: { contextLength: llm.contextLength, prefixLength, promptLength, wanted },
  });
}

/** Continues one prompt in every row, each after what stands before it. */
export async function continuePrompt(
  { llm }: ModelParts,
  { batch, injection, prefixLength }: RowsBefore,
  { maxNewTokens, stopTokens = [], prompt = '', ...decoding }: ContinuePromptOptions,
  tokenizer: Tokenizer,
): Promise<string[]> {
  const promptIds = promptIdsOf(llm, prompt, tokenizer);
  const wanted = checkRoom(llm, prefixLength, promptIds.length, maxNewTokens);
  const held = holdTensors(() => {
    const rows = Array.from({ length: batch }, () => promptIds);
    const text = promptIds.length > 0 ? [llm.embed(tf.tensor2d(rows, undefined, 'int32'))] : []; // [P, T, H]
    const before = injection.prefix ? [injection.prefix.embeddings] : []; // [P, K, H]
    const embeddings = tf.concat([...before, ...text], 1) as tf.Tensor3D; // [P, K+T, H]
    const prefixMask = injection.prefix?.mask; // [P, K]
    const mask = prefixMask && tf.concat([prefixMask, tf.ones<tf.Rank.R2>([batch, promptIds.length])], 1);
    return { embeddings, mask };
  });
  try {
    const { embeddings, mask } = held.value;
    const ids: number[][] = Array.from({ length: batch }, () => []);
    const steps = llm.generate({
      ...decoding,
      embeddings,
      injection,
      ...(mask && { mask }),
      maxNewTokens: wanted,
      stopTokens: [...new Set([llm.specialTokens.end, ...stopTokens])],
    });
    for await (const step of steps) step.ids.forEach((added, row) => void ids[row]?.push(...added));
    return ids.map((row) => tokenizer.decode(row).trim());
  } finally {
    held.dispose();
  }
}
