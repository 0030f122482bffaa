import type { DatasetMixture, Row } from '@eim/contracts';
import type { FeatureSource } from '../feature-cache/feature-source.js';
import type { TextStateSource } from '../text-states/text-state-source.js';
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
  /** What a batch carries of its pictures: pixels to encode, features of what is frozen, or nothing. */
  readonly images: { readonly pixels: PixelStore } | { readonly features: FeatureSource } | undefined;
  /** What the frozen lower blocks of the LLM make of the texts. Absent: it runs whole. */
  readonly textStates?: TextStateSource | undefined;
}
