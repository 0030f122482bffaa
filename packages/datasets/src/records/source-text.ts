/** The contents of a file: its text, or its bytes in UTF-8, which suit large files better. */
export type SourceText = string | Uint8Array;

/** The contents as text, without a byte order mark. */
export function textOf(source: SourceText): string {
  const text = typeof source === 'string' ? source : new TextDecoder().decode(source);
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** The contents as bytes, without a byte order mark. */
export function bytesOf(source: SourceText): Uint8Array {
  const bytes = typeof source === 'string' ? new TextEncoder().encode(source) : source;
  const isMarked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return isMarked ? bytes.subarray(3) : bytes;
}
