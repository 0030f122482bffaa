/** Bytes that are read by range, so that a weight file never has to fit into memory at once. */
export interface RandomAccessSource {
  /** For messages: a path or an address. */
  readonly name: string;
  /** Bytes in all. */
  readonly size: number;
  /** Exactly `length` bytes from `offset` on. Rejects with an EimError naming the source otherwise. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Fills `target` with the bytes from `offset` on, where the source can spare the copy. Rejects as `read`. */
  readInto?(offset: number, target: Uint8Array): Promise<void>;
  close?(): Promise<void>;
}

/** A source over bytes already in memory; `read` returns views of them. */
export function bytesSource(bytes: Uint8Array, name = 'bytes in memory'): RandomAccessSource {
  return {
    name,
    size: bytes.length,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
  };
}

/** Fills `target` with the bytes of a source from `offset` on. @returns `target` */
export async function readInto(
  source: RandomAccessSource,
  offset: number,
  target: Uint8Array,
): Promise<Uint8Array> {
  if (source.readInto) await source.readInto(offset, target);
  else target.set(await source.read(offset, target.length));
  return target;
}
