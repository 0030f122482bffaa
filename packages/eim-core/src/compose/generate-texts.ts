import type { Tokenizer } from '@eim/contracts';
import type { EncodedImages, Injection, ModelParts } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';
import { type ContinuePromptOptions, continuePrompt } from './continue-prompt.js';
import { holdTensors } from './hold-tensors.js';

/**
 * Continuations of a prompt without a picture, `rows` of them: the ST is told so, and a prefix that it hides in such
 * rows is left out, so that the LLM reads the prompt alone. What else the ST puts into the LLM stays.
 * @throws EimError `invalid-argument` where prompt and new tokens do not fit into the LLM's context
 * @throws the signal's reason when aborted
 */
export async function generateTexts(
  parts: ModelParts,
  rows: number,
  options: ContinuePromptOptions,
  tokenizer: Tokenizer,
): Promise<string[]> {
  const held = holdTensors(() =>
    parts.st.transform(noFeatures(parts, rows), { batch: rows, modality: new Array(rows).fill('text') }),
  );
  try {
    const injection = await withoutHiddenPrefix(held.value);
    const prefixLength = injection.prefix?.embeddings.shape[1] ?? 0;
    return await continuePrompt(parts, { batch: rows, injection, prefixLength }, options, tokenizer);
  } finally {
    held.dispose();
  }
}

/** Zeros, as the contract has the features of rows without a picture. */
function noFeatures({ encoder, st }: ModelParts, rows: number): EncodedImages {
  const { pooledSize, tokenCount, tokenSize } = encoder;
  const tokens = () => tf.zeros<tf.Rank.R3>([rows, tokenCount, tokenSize]); // [B, N, D]
  return {
    pooled: tf.zeros([rows, pooledSize]), // [B, D]
    tokens: tokens(),
    ...(st.hiddenLayers && { hidden: new Map(st.hiddenLayers.map((block) => [block, tokens()])) }),
  };
}

async function withoutHiddenPrefix(injection: Injection): Promise<Injection> {
  const { prefix, ...others } = injection;
  if (prefix?.mask === undefined) return injection;
  const shown = await prefix.mask.data(); // [B*K]
  return shown.every((value) => value === 0) ? others : injection;
}
