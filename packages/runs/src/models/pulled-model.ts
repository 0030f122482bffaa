import type { Installation, ManifestFile } from './installed/manifest.js';

/** A model that is on this machine. */
export interface PulledModel {
  readonly name: string;
  readonly source: string;
  /** What the source stood for: a commit of the hub, or the SHA-256 of what was downloaded. */
  readonly version: string;
  readonly licence: string | null;
  /** What a loader is given: a file, or a folder. */
  readonly path: string;
  readonly files: readonly ManifestFile[];
  /** Of all files. */
  readonly bytes: number;
  /** When it was pulled (ISO 8601). */
  readonly date: string;
  /** What this call downloaded; 0 where it was there already, null where nobody said how much it would be. */
  readonly downloaded: number | null;
}

export function pulledModel({ manifest, path }: Installation, downloaded: number | null): PulledModel {
  const { name, source, version, licence, files, date } = manifest;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return { name, source, version, licence, path, files, bytes, date, downloaded };
}
