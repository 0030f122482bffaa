import type { SplitName } from './dataset.js';
import type { RawPicture } from './picture.js';

/** One picture with what people said of it. */
export interface CaptionedPicture {
  /** As in the source file, as a string. */
  readonly id: string;
  readonly captions: readonly string[];
  /** Identifies the bytes of the picture (a hash, or a generator's seed); keys the feature cache. */
  readonly fingerprint: string;
  /** Where the picture came from, for messages: a path or a generator's name. */
  readonly source: string;
  /** Decodes the picture. Rejects with an EimError naming `source`. */
  load(): Promise<RawPicture>;
}

/** Captioned pictures in named splits. */
export interface CaptionDataset {
  readonly name: string;
  /** Split names in the order of the source. `train` is always there. */
  readonly splits: readonly SplitName[];
  split(name: SplitName): readonly CaptionedPicture[];
  /** What was read and left out, for the report: never silent. */
  readonly notes: readonly string[];
}
