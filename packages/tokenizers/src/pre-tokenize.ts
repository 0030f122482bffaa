/**
 * GPT-2's pieces (openai/gpt-2, src/encoder.py): contractions, words, numbers and other signs, each with one
 * space before it, and runs of white space. `\s` is spelt as the Unicode property that the original and the
 * Python library use; JavaScript's own differs at U+0085 and U+FEFF.
 */
export const PIECES =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

/** Splits a text into the pieces within which byte pairs merge. Joined again they are the text. */
export function preTokenize(text: string): string[] {
  return text.match(PIECES) ?? [];
}

/**
 * Lower case, character by character as the Python library's `Lowercase` does it: a capital sigma at the end of
 * a word, the one letter whose neighbours matter to JavaScript, becomes the same letter as any other.
 */
export function lowercase(text: string): string {
  return text.replaceAll('\u03a3', '\u03c3').toLowerCase();
}
