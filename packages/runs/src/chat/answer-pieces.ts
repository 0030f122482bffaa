import type { RawPicture } from '@eim/contracts';
import { type AnswerPiece, type AskedRow, answerRows, picturePixels } from '@eim/core';
import { completeDecoding, type DecodingChoice, decodingRequest } from '../evaluation/decoding.js';
import { checkIds } from '../published/check-ids.js';
import type { OpenedChatModel } from './opened-chat-model.js';

export interface AnswerPiecesOptions extends DecodingChoice {
  readonly maxNewTokens: number;
  readonly signal: AbortSignal;
}

/**
 * The answer to one row as it comes, about a picture or without.
 * @param row what a chat's form makes of a conversation
 * @throws EimError `invalid-argument` where it does not fit into the context; the signal's reason
 */
export async function* answerPieces(
  { parts, form }: Pick<OpenedChatModel, 'parts' | 'form'>,
  row: AskedRow,
  picture: RawPicture | undefined,
  { signal, maxNewTokens, ...decoding }: AnswerPiecesOptions,
): AsyncGenerator<AnswerPiece, void, undefined> {
  if (row.ids) checkIds(row.ids, parts.llm);
  const pixels = picture && picturePixels([picture], parts.encoder!.preprocessing); // [1, H, W, 3]
  try {
    yield* answerRows(parts, [{ ...row, ...(pixels && { picture: 0 }) }], {
      ...decodingRequest(completeDecoding(decoding)),
      pictures: pixels && { pixels },
      tokenizer: form.tokenizer,
      maxNewTokens,
      signal,
    });
  } finally {
    pixels?.dispose();
  }
}
