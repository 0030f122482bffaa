import { type CaptionedPicture, EimError, type Tokenizer } from '@eim/contracts';

export interface CaptionRowsOptions {
  /** Greatest row length, begin and end tokens included. Absent: the longest caption decides. */
  readonly maxTokens?: number;
}

/** All captions of a split as token ids. */
export interface CaptionRows {
  /** By picture, by caption: begin (where the family has one), text, end. */
  readonly rows: readonly (readonly Int32Array[])[];
  /** `T` of every batch of this split. */
  readonly textLength: number;
  /** 1 where rows start with a begin token, which is given and never predicted; else 0. */
  readonly firstTarget: 0 | 1;
  readonly captionCount: number;
  /** Captions that lost tokens to `maxTokens`; they keep their end token. */
  readonly truncated: number;
  /** Mean and standard deviation of the tokens to predict in a row. */
  readonly targets: { readonly mean: number; readonly deviation: number };
}

/**
 * Tokenises every caption of a split once.
 * @throws EimError `invalid-data` for a picture without captions, `invalid-argument` for `maxTokens` < 3
 */
export function tokeniseCaptions(
  pictures: readonly CaptionedPicture[],
  tokenizer: Tokenizer,
  { maxTokens = Number.POSITIVE_INFINITY }: CaptionRowsOptions = {},
): CaptionRows {
  if (maxTokens < 3) {
    throw new EimError({
      code: 'invalid-argument',
      message: `maxTokens is ${maxTokens}, which leaves no room for text between begin and end.`,
      advice: 'Set it to 3 or more.',
      data: { maxTokens },
    });
  }
  const { begin, end } = tokenizer.specialTokens;
  const firstTarget = begin === undefined ? 0 : 1;
  let truncated = 0;
  const toRow = (caption: string): Int32Array => {
    const ids = tokenizer.encode(caption);
    const room = maxTokens - firstTarget - 1;
    if (ids.length > room) truncated += 1;
    return Int32Array.from([...(begin === undefined ? [] : [begin]), ...ids.slice(0, room), end]);
  };
  const rows = pictures.map(({ captions, id, source }) => {
    if (captions.length > 0) return captions.map(toRow);
    throw new EimError({
      code: 'invalid-data',
      message: `Picture ${id} (${source}) has no caption.`,
      advice: 'Give it one or leave it out of the split.',
      data: { id, source },
    });
  });
  const lengths = rows.flatMap((captions) => captions.map(({ length }) => length - firstTarget));
  const mean = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length);
  const variance =
    lengths.reduce((sum, length) => sum + (length - mean) ** 2, 0) / Math.max(1, lengths.length);
  return {
    rows,
    textLength: lengths.reduce((longest, length) => Math.max(longest, length), 0) + firstTarget,
    firstTarget,
    captionCount: lengths.length,
    truncated,
    targets: { mean, deviation: Math.sqrt(variance) },
  };
}
