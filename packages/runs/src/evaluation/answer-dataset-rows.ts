import type { Row, Tokenizer } from '@eim/contracts';
import type { ModelParts } from '@eim/contracts/model';
import { answerAll, picturePixels } from '@eim/core';
import { type Decoding, decodingRequest } from './decoding.js';

export interface AnswerDatasetRowsOptions {
  readonly batchSize: number;
  readonly decoding: Decoding;
  readonly maxNewTokens: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** A model's answers to rows, in their order. Rows with and without pictures may be mixed. */
export async function answerDatasetRows(
  model: ModelParts,
  tokenizer: Tokenizer,
  rows: readonly Pick<Row, 'picture' | 'prompt' | 'earlier' | 'system'>[],
  { batchSize, decoding, maxNewTokens, signal, onProgress }: AnswerDatasetRowsOptions,
): Promise<string[]> {
  const texts: string[] = [];
  const chosen = decodingRequest(decoding); // one random stream over all batches
  for (let start = 0; start < rows.length; start += batchSize) {
    signal.throwIfAborted();
    const batch = rows.slice(start, start + batchSize);
    const pictures = [
      ...new Map(batch.flatMap(({ picture }) => (picture ? [[picture.fingerprint, picture]] : []))).values(),
    ];
    const places = new Map(pictures.map(({ fingerprint }, place) => [fingerprint, place]));
    const loaded = await Promise.all(pictures.map((picture) => picture.load()));
    const pixels = loaded.length > 0 ? picturePixels(loaded, model.encoder.preprocessing) : undefined; // [P, H, W, 3]
    try {
      const answers = await answerAll(
        model,
        batch.map(({ prompt, earlier, system, picture }) => ({
          prompt,
          ...(earlier && { earlier }),
          ...(system !== undefined && { system }),
          ...(picture && { picture: places.get(picture.fingerprint)! }),
        })),
        { ...chosen, pictures: pixels && { pixels }, tokenizer, maxNewTokens, signal },
      );
      texts.push(...answers.map(({ text }) => text.trim()));
    } finally {
      pixels?.dispose();
    }
    onProgress?.(texts.length, rows.length);
  }
  return texts;
}
