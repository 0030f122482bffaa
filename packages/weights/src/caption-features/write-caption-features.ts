import { EimError } from '@eim/contracts';
import { PickleWriter } from '../pytorch/write/pickle-writer.js';
import type { CaptionFeatures } from './read-caption-features.js';

/**
 * The bytes of ClipCap's data file, as its `train.py` reads it by `pickle.load`. The same contents give the same bytes.
 * @throws EimError `invalid-argument` where the vectors do not fill their rows
 * @example
 * await writeFileAtomically('train.pkl', [captionFeaturesBytes({ vectors, count, size, captions })]);
 */
export function captionFeaturesBytes({ vectors, count, size, captions }: CaptionFeatures): Uint8Array {
  if (vectors.length !== count * size) {
    throw new EimError({
      code: 'invalid-argument',
      message: `ClipCap's data cannot be written: there are ${vectors.length} values, and ${count} rows of ${size} need ${count * size}.`,
    });
  }
  const pickle = new PickleWriter(3);
  pickle.dictionary(() => {
    pickle.text('clip_embedding');
    pickle.tensorInside(vectors, [count, size]);
    pickle.text('captions');
    pickle.plain(captions.map(({ caption, row, fields }) => ({ ...fields, caption, clip_embedding: row })));
  });
  return pickle.finished();
}
