import type { CaptionedPicture } from '@eim/contracts';
import type { FeatureTable } from '../feature-cache/feature-table.js';
import type { CaptionRows } from './caption-rows.js';
import type { PixelStore } from './pixel-store.js';

/** A split ready for batches. */
export interface SplitData {
  readonly pictures: readonly CaptionedPicture[];
  readonly captions: CaptionRows;
  readonly padId: number;
  /** What a batch carries of its pictures: pixels to encode, cached features, or nothing. */
  readonly images: { readonly pixels: PixelStore } | { readonly features: FeatureTable } | undefined;
}
