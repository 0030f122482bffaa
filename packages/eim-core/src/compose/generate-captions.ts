import type { GenerateRequest, ModelParts, Tokenizer } from '@eim/contracts';
import { EimError } from '@eim/contracts';
import * as tf from '@tensorflow/tfjs-core';
import type { PictureInput } from './encode-pictures.js';
import { disposeFeatures, encodeAndKeep } from './features.js';
import { holdTensors } from './hold-tensors.js';
import { injectPictures } from './inject-pictures.js';

/** Decoding is greedy unless `beams` or `temperature` say otherwise. */
export interface GenerateCaptionsOptions
  extends Pick<
    GenerateRequest,
    'temperature' | 'topK' | 'topP' | 'repetitionPenalty' | 'beams' | 'lengthPenalty' | 'random' | 'signal'
  > {
  /** Absent: as many as fit into the LLM's context. */
  readonly maxNewTokens?: number;
  /** Ids that end a caption besides the tokenizer's end token. */
  readonly stopTokens?: readonly number[];
  /** Text that every caption continues; not part of what is returned. */
  readonly prompt?: string;
}

/**
 * Captions of P pictures, in their order.
 * @throws EimError `invalid-argument` where prefix, prompt and new tokens do not fit into the LLM's context
 * @throws the signal's reason when aborted
 */
export async function generateCaptions(
  parts: ModelParts,
  pictures: PictureInput,
  { maxNewTokens, stopTokens = [], prompt = '', ...decoding }: GenerateCaptionsOptions,
  tokenizer: Tokenizer,
): Promise<string[]> {
  const { llm, st } = parts;
  const { begin, end } = llm.specialTokens;
  const promptIds = [...(begin === undefined ? [] : [begin]), ...tokenizer.encode(prompt)];
  const room = llm.contextLength - st.prefixLength - promptIds.length;
  const wanted = maxNewTokens ?? room;
  if (wanted > room || wanted < 1) refuseLength(parts, promptIds.length, wanted);
  if (st.prefixLength + promptIds.length === 0) refuseNothing();

  const features = encodeAndKeep(parts, pictures);
  const held = holdTensors(() => {
    const injection = injectPictures(st, features, 1);
    const batch = features.pooled.shape[0];
    const rows = Array.from({ length: batch }, () => promptIds);
    const text = promptIds.length > 0 ? [llm.embed(tf.tensor2d(rows, undefined, 'int32'))] : []; // [P, T, H]
    const before = injection.prefix ? [injection.prefix.embeddings] : []; // [P, K, H]
    const embeddings = tf.concat([...before, ...text], 1) as tf.Tensor3D; // [P, K+T, H]
    const prefixMask = injection.prefix?.mask; // [P, K]
    const mask = prefixMask && tf.concat([prefixMask, tf.ones<tf.Rank.R2>([batch, promptIds.length])], 1);
    return { injection, embeddings, mask, batch };
  });
  try {
    const { injection, embeddings, mask, batch } = held.value;
    const ids: number[][] = Array.from({ length: batch }, () => []);
    const steps = llm.generate({
      ...decoding,
      embeddings,
      injection,
      ...(mask && { mask }),
      maxNewTokens: wanted,
      stopTokens: [...new Set([end, ...stopTokens])],
    });
    for await (const step of steps) step.ids.forEach((added, row) => void ids[row]?.push(...added));
    return ids.map((row) => tokenizer.decode(row).trim());
  } finally {
    held.dispose();
    disposeFeatures(features);
  }
}

function refuseLength({ llm, st }: ModelParts, promptLength: number, wanted: number): never {
  throw new EimError({
    code: 'invalid-argument',
    message: `${wanted} new tokens do not fit: the LLM has ${llm.contextLength} positions, of which the prefix takes ${st.prefixLength} and the prompt ${promptLength}.`,
    advice: `Ask for at least 1 and at most ${llm.contextLength - st.prefixLength - promptLength} new tokens.`,
    data: { contextLength: llm.contextLength, prefixLength: st.prefixLength, promptLength, wanted },
  });
}

function refuseNothing(): never {
  throw new EimError({
    code: 'invalid-argument',
    message:
      'There is nothing to continue: the ST has no prefix, the LLM no begin token, and no prompt was given.',
    advice: 'Give a prompt.',
  });
}
