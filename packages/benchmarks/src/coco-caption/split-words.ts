/** What Python's `str.split()` splits at: not JavaScript's `\s`, which has U+FEFF and lacks U+001C-1F, U+0085. */
const PYTHON_WHITE_SPACE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the control characters are part of Python's set
  /[\t-\r\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

/** The words of a tokenised caption as coco-caption's BLEU and CIDEr see them. */
export function splitWords(text: string): string[] {
  const words = text.split(PYTHON_WHITE_SPACE);
  if (words[0] === '') words.shift();
  if (words[words.length - 1] === '') words.pop();
  return words;
}
