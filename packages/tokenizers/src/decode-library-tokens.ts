import { bytesOfSymbols } from './byte-alphabet.js';

interface Decoder {
  readonly type?: unknown;
  readonly [option: string]: unknown;
}

const BYTE = /^<0x([0-9A-Fa-f]{2})>$/;
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });
const strict = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

/**
 * The text of tokens by the `decoder` of a `tokenizer.json`, as the Python library decodes: the npm library loses
 * byte order marks.
 */
export function decodeLibraryTokens(tokens: readonly string[], decoder: unknown): string {
  if (decoder === null || decoder === undefined) return tokens.join(' ');
  return apply(tokens, decoder as Decoder).join('');
}

function apply(tokens: readonly string[], decoder: Decoder): readonly string[] {
  const { type, decoders, pattern, content, start, stop } = decoder;
  switch (type) {
    case 'Sequence':
      return (decoders as Decoder[]).reduce(apply, tokens);
    case 'Replace':
      return tokens.map((token) => token.replaceAll((pattern as { String: string }).String, String(content)));
    case 'ByteFallback':
      return joinBytes(tokens);
    case 'Fuse':
      return [tokens.join('')];
    case 'Strip':
      return tokens.map((token) => strip(token, String(content), Number(start), Number(stop)));
    case 'Metaspace':
      return tokens.map((token, index) => withoutSigns(token, decoder, index === 0));
    case 'ByteLevel':
      return [lenient.decode(Uint8Array.from(tokens.flatMap((token) => [...bytesOf(token)])))];
    default:
      return tokens;
  }
}

/** Runs of byte tokens as their text; each byte of a run that is no UTF-8 becomes U+FFFD. */
function joinBytes(tokens: readonly string[]): string[] {
  const joined: string[] = [];
  let run: number[] = [];
  const flush = () => {
    if (run.length === 0) return;
    try {
      joined.push(strict.decode(Uint8Array.from(run)));
    } catch {
      joined.push('\ufffd'.repeat(run.length));
    }
    run = [];
  };
  for (const token of tokens) {
    const byte = BYTE.exec(token)?.[1];
    if (byte !== undefined) run.push(Number.parseInt(byte, 16));
    else {
      flush();
      joined.push(token);
    }
  }
  flush();
  return joined;
}

function strip(token: string, content: string, start: number, stop: number): string {
  let from = 0;
  let to = token.length;
  for (let count = 0; count < start && token.startsWith(content, from); count++) from += content.length;
  for (let count = 0; count < stop && token.slice(from, to).endsWith(content); count++) to -= content.length;
  return token.slice(from, to);
}

/** Signs as spaces; those of the first token, where a text begins with one, are left out. */
function withoutSigns(
  token: string,
  { replacement, prepend_scheme: scheme }: Decoder,
  isFirst: boolean,
): string {
  return token.replaceAll(String(replacement), isFirst && scheme !== 'never' ? '' : ' ');
}

/** Added tokens are no byte symbols, and stand for themselves. */
function bytesOf(token: string): Uint8Array {
  return bytesOfSymbols(token) ?? new TextEncoder().encode(token);
}
