import { EimError } from '@eim/contracts';
import { tokeniseCaptions } from '../coco-caption/tokenise-captions.js';

export interface ModalCaption {
  /** As written the first time. */
  readonly caption: string;
  /** Captions that are the same after tokenisation. */
  readonly count: number;
  readonly total: number;
}

/**
 * The most common caption of a training set: what a system says that never looks at the picture. Captions
 * are the same when their tokens are; of equally common ones the first wins.
 */
export function modalCaption(captions: readonly string[]): ModalCaption {
  const tokenised = tokeniseCaptions(captions);
  const counts = new Map<string, { count: number; first: number }>();
  for (const [index, text] of tokenised.entries()) {
    const entry = counts.get(text);
    if (entry) entry.count++;
    else if (text !== '') counts.set(text, { count: 1, first: index });
  }
  let best: { count: number; first: number } | undefined;
  for (const entry of counts.values()) if (best === undefined || entry.count > best.count) best = entry;
  if (best === undefined) {
    throw new EimError({
      code: 'invalid-data',
      message: 'There is no caption with a word in it to choose the most common one from.',
    });
  }
  return { caption: captions[best.first]!, count: best.count, total: captions.length };
}
