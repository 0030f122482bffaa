/**
 * GPT-2's one printable character for each byte (`bytes_to_unicode` of openai/gpt-2, src/encoder.py): bytes
 * that print keep their character, the others take those from U+0100 on.
 */
export const BYTE_SYMBOLS: readonly string[] = (() => {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const prints = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte !== 0xad);
    return String.fromCharCode(prints ? byte : next++);
  });
})();

const BYTE_OF_SYMBOL: ReadonlyMap<string, number> = new Map(
  BYTE_SYMBOLS.map((symbol, byte) => [symbol, byte]),
);

const encoder = new TextEncoder();

/** The UTF-8 bytes of a text, each as its symbol. Lone surrogates become U+FFFD. */
export function symbolsOfText(text: string): string {
  let symbols = '';
  for (const byte of encoder.encode(text)) symbols += BYTE_SYMBOLS[byte];
  return symbols;
}

/** The bytes behind symbols, or undefined where one is no byte's. */
export function bytesOfSymbols(symbols: string): Uint8Array | undefined {
  const bytes = new Uint8Array(symbols.length);
  for (let i = 0; i < symbols.length; i++) {
    const byte = BYTE_OF_SYMBOL.get(symbols[i]!);
    if (byte === undefined) return undefined;
    bytes[i] = byte;
  }
  return bytes;
}
