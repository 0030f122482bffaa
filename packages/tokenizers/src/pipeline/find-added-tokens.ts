import { escapeForRegExp } from '../published/split-at-specials.js';
import type { AddedToken } from '../tokenizer-json.js';

/** A token that is found in a text as a whole. */
export interface SoughtToken extends Omit<AddedToken, 'content'> {
  /** What is looked for: its text, normalised where it is found in normalised text. */
  readonly spelling: string;
}

/** A stretch of a text: one token, or what lies between tokens. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  /** Absent between tokens. */
  readonly id?: number;
}

const WORD = '[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]';
const ENDS_WITH_WORD = new RegExp(`${WORD}$`, 'u');
const STARTS_WITH_WORD = new RegExp(`^${WORD}`, 'u');

/**
 * Looks for tokens in texts: the leftmost first, the longest of those that begin at one place (huggingface/tokenizers,
 * `AddedVocabulary::find_matches`).
 */
export class AddedTokenFinder {
  private readonly pattern: RegExp | undefined;
  private readonly bySpelling: ReadonlyMap<string, SoughtToken>;

  /** @param keepsSpecial special tokens are found as well, not read as text */
  constructor(
    tokens: readonly SoughtToken[],
    private readonly keepsSpecial: boolean,
  ) {
    const sought = tokens.filter(({ spelling }) => spelling !== '');
    // Of two that are spelt alike, the first is found.
    this.bySpelling = new Map([...sought].reverse().map((token) => [token.spelling, token]));
    const spellings = [...this.bySpelling.keys()].sort((a, b) => b.length - a.length);
    if (spellings.length > 0) this.pattern = new RegExp(spellings.map(escapeForRegExp).join('|'), 'gu');
  }

  /** Stretches that together are the text. */
  find(text: string): Stretch[] {
    if (!this.pattern) return text === '' ? [] : [{ from: 0, to: text.length }];
    const stretches: Stretch[] = [];
    let at = 0;
    for (const { 0: spelling, index } of text.matchAll(this.pattern)) {
      const token = this.bySpelling.get(spelling)!;
      const end = index + spelling.length;
      if ((token.special && !this.keepsSpecial) || (token.single_word && !standsAlone(text, index, end)))
        continue;
      const from = token.lstrip ? Math.max(text.slice(0, index).search(/\p{White_Space}*$/u), at) : index;
      const to = token.rstrip ? end + /^\p{White_Space}*/u.exec(text.slice(end))![0].length : end;
      if (at < from) stretches.push({ from: at, to: from });
      // As in the original, nothing is left of one whose own white space another took in.
      if (from < to) stretches.push({ from, to, id: token.id });
      at = to;
    }
    if (at < text.length) stretches.push({ from: at, to: text.length });
    return stretches;
  }
}

/** Whether no word goes on before or behind. */
function standsAlone(text: string, from: number, to: number): boolean {
  return !ENDS_WITH_WORD.test(text.slice(0, from)) && !STARTS_WITH_WORD.test(text.slice(to));
}
