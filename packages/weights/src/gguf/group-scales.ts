/**
 * Six bits of scale and six of minimum for each of eight groups, packed into twelve bytes (ggml-quants.c,
 * `get_scale_min_k4`).
 */
export function groupScale(bytes: Uint8Array, at: number, group: number): number {
  if (group < 4) return bytes[at + group]! & 63;
  return (bytes[at + group + 4]! & 15) | ((bytes[at + group - 4]! >> 2) & 48);
}

/** The minimum that belongs to `groupScale`. */
export function groupMinimum(bytes: Uint8Array, at: number, group: number): number {
  if (group < 4) return bytes[at + group + 4]! & 63;
  return (bytes[at + group + 4]! >> 4) | ((bytes[at + group]! >> 2) & 48);
}
