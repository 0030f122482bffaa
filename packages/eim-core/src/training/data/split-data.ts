import type { DatasetMixture, Row } from '@eim/contracts';
import type { FeatureTable } from '../feature-cache/feature-table.js';
import type { PixelStore } from './pixel-store.js';
import type { RowPictures } from './row-pictures.js';
import type { TokenisedRows } from './tokenised-rows.js';

/** A split ready for batches. */
export interface SplitData {
  readonly rows: readonly Row[];
  readonly texts: TokenisedRows;
  readonly pictures: RowPictures;
  readonly mixture?: DatasetMixture | undefined;
  readonly padId: number;
  /** What a batch carries of its pictures: pixels to encode, cached features, or nothing. */
  readonly images: { readonly pixels: PixelStore } | { readonly features: FeatureTable } | undefined;
}
