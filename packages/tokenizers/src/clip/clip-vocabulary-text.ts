import { BYTE_SYMBOLS } from '../byte-alphabet.js';
import { type ClipParts, clipParts, END_OF_WORD } from './clip-parts.js';

/** 49,152 tokens but for 256 bytes and two special ones; lines beyond are not used. */
const MOST_MERGES = 49_152 - 256 - 2;

/**
 * CLIP's vocabulary from the text of `bpe_simple_vocab_16e6.txt` (openai/CLIP, clip/simple_tokenizer.py): a line
 * about the file, then merges.
 * @param file for messages
 * @throws EimError `invalid-file`
 */
export function clipVocabularyOfText(text: string, file: string): ClipParts {
  const merges = text
    .split(/\r?\n/)
    .slice(1, 1 + MOST_MERGES)
    .filter((line) => line !== '');
  const printable = (symbol: string) => symbol.charCodeAt(0) < 0x100;
  const bytes = [...BYTE_SYMBOLS.filter(printable), ...BYTE_SYMBOLS.filter((symbol) => !printable(symbol))];
  const tokens = [
    ...bytes,
    ...bytes.map((symbol) => symbol + END_OF_WORD),
    ...merges.map((merge) => merge.replace(' ', '')),
    '<|startoftext|>',
    '<|endoftext|>',
  ];
  return clipParts(Object.fromEntries(tokens.map((token, id) => [token, id])), merges, file);
}
