import { fixText } from '../fix-text/fix-text.js';
import { unescapeHtml } from '../fix-text/html-entities.js';
import { collapseWhiteSpace } from '../fix-text/python-white-space.js';

/**
 * A text as CLIP was trained on it: repaired, HTML references resolved twice, single spaces, lower case
 * (openai/CLIP, clip/simple_tokenizer.py, `basic_clean` and `whitespace_clean`).
 */
export function cleanCaption(text: string): string {
  return collapseWhiteSpace(unescapeHtml(unescapeHtml(fixText(text)))).toLowerCase();
}
