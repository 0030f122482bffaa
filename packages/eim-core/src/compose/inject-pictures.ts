import type { EncodedImages, Injection, SemanticTransform } from '@eim/contracts/model';
import { type PassOptions, pictureContext } from './encode-pictures.js';
import { repeatFeatures, repeatInjection } from './repeat-rows.js';

/**
 * What the ST puts into the LLM for `P * rowsPerPicture` rows, consecutive rows sharing a picture. The ST runs
 * once a picture, except where it returns adapters: those may route by row, so they are made from repeated rows.
 */
export function injectPictures(
  st: SemanticTransform,
  features: EncodedImages,
  rowsPerPicture: number,
  options: PassOptions = {},
): Injection {
  const pictures = features.pooled.shape[0];
  const injection = st.transform(features, pictureContext(pictures, options));
  if (rowsPerPicture === 1) return injection;
  if (!injection.blockAdapters) return repeatInjection(injection, rowsPerPicture);
  const rows = repeatFeatures(features, rowsPerPicture);
  return st.transform(rows, pictureContext(pictures * rowsPerPicture, options));
}
