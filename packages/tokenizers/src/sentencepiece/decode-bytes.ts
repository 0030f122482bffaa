/**
 * UTF-8 bytes as SentencePiece decodes byte pieces: each byte that begins no whole character becomes U+FFFD by
 * itself (google/sentencepiece, src/sentencepiece_processor.cc, `Decode`).
 */
export function decodeBytes(bytes: readonly number[]): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at);
    text += length === 0 ? '\ufffd' : decoder.decode(Uint8Array.from(bytes.slice(at, at + length)));
    at += length || 1;
  }
  return text;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const strict = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

/** Bytes of the valid character at a place, 0 where there is none. */
function characterLength(bytes: readonly number[], at: number): number {
  const first = bytes[at]!;
  const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (length === 0 || at + length > bytes.length) return 0;
  try {
    strict.decode(Uint8Array.from(bytes.slice(at, at + length)));
    return length;
  } catch {
    return 0;
  }
}
