/** A few of a tensor's values in words. */
export function valuesText(values: ArrayLike<number>): string {
  const shown = Array.from({ length: Math.min(values.length, 4) }, (_, index) => String(values[index]));
  return values.length > shown.length ? `[${shown.join(', ')}, ...]` : `[${shown.join(', ')}]`;
}

/** FNV-1a (Fowler, Noll and Vo 1991) over a tensor's bytes. */
export function valuesHash(values: Float32Array | Int32Array | Uint8Array): number {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
