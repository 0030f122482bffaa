/** Keeps encoder outputs between runs. Keys are hexadecimal hashes; entries carry their own checksum. */
export interface FeatureStore {
  read(key: string): Promise<Uint8Array | undefined>;
  /** Atomic: a reader sees the whole entry or none. */
  write(key: string, bytes: Uint8Array): Promise<void>;
}
