import { type AnsweringModel, type OpenPrompts, openPrompts } from '@eim/core';
import type { RowPrompt, SlotKey } from '@eim/nn';
import { tensor4d } from '@tensorflow/tfjs-core';
import type { AnswerRequest } from './answer-request.js';

/** A prompt as the LLM reads it. */
export interface OpenedPrompt {
  readonly prompt: RowPrompt;
  /** Slots that are real. */
  readonly length: number;
  /** What stands in each slot; undefined where the row's own tensors act in it, so that it shares nothing with others. */
  readonly keys: readonly SlotKey[] | undefined;
  dispose(): void;
}

/**
 * Encodes the picture, runs the ST and lays the prompt behind its prefix.
 * @throws EimError `invalid-argument` as `answerRows`
 */
export async function openPrompt(
  model: AnsweringModel,
  { row, picture }: Pick<AnswerRequest, 'row' | 'picture'>,
  ids: readonly number[],
): Promise<OpenedPrompt> {
  const size = model.encoder?.preprocessing.imageSize ?? 0;
  const pixels = picture && tensor4d(picture.pixels, [1, size, size, 3]); // [1, H, W, 3]
  try {
    const rows = [{ ...row, ...(picture && { picture: 0 }) }];
    const opened = await openPrompts(model, { rows, promptIds: [ids], pictures: pixels && { pixels } });
    try {
      const { embeddings, mask, injection } = opened.request;
      const prompt: RowPrompt = {
        embeddings,
        ...(mask && { mask: Array.from(await mask.data()) }),
        ...(injection && { injection }),
      };
      const keys = keysOf(model, opened, picture?.fingerprint, ids);
      return { prompt, length: opened.lengths[0]!, keys, dispose: () => opened.dispose() };
    } catch (error) {
      opened.dispose();
      throw error;
    }
  } finally {
    pixels?.dispose();
  }
}

/** Names of a prefix's slots, then ids. A prefix that depends on the prompt, or is not all in front of it, is not named. */
function keysOf(
  { st }: AnsweringModel,
  { request }: OpenPrompts,
  fingerprint: string | undefined,
  ids: readonly number[],
): SlotKey[] | undefined {
  const { prefix, layerPrompts, blockAdapters } = request.injection ?? {};
  const moved = prefix?.beforeBegin ?? prefix?.visibleToLater ?? prefix?.mask;
  if (layerPrompts || blockAdapters || moved !== undefined || (prefix && st?.readsPrompts)) return undefined;
  const slots = request.embeddings.shape[1] - ids.length;
  return [...Array.from({ length: slots }, (_, slot) => `${fingerprint ?? 'blank'} ${slot}`), ...ids];
}
