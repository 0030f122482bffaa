import type { CaptionSet } from '../caption-set.js';
import { NumberList } from '../number-list.js';
import type { NumberedCaptions } from '../numbered-captions.js';
import { type NonbreakingPrefixes, normaliseText } from './normalise-text.js';

/** Words that normalising leaves as they are, whatever stands beside them. */
const PLAIN = /^[a-z0-9]+$/;
const UNKNOWN = 0;
const YES = 1;
const NO = 2;

/**
 * Captions of a set after METEOR's normalising, in numbers of the set's table of words. Those of plain words alone,
 * which most are, stay as they are.
 */
export function numberNormalised(
  set: CaptionSet,
  captions: NumberedCaptions,
  prefixes: NonbreakingPrefixes,
): NumberedCaptions {
  const { table } = set;
  const plain = new Uint8Array(table.size);
  const isPlain = (word: number) => {
    if (plain[word] === UNKNOWN) plain[word] = PLAIN.test(table.word(word)) ? YES : NO;
    return plain[word] === YES;
  };
  const count = captions.starts.length - 1;
  const words = new NumberList(captions.words.length + 1);
  const starts = new Int32Array(count + 1);
  for (let index = 0; index < count; index++) {
    const own = captions.words.subarray(captions.starts[index], captions.starts[index + 1]);
    if (own.every(isPlain)) for (const word of own) words.push(word);
    else {
      for (const word of normaliseText(set.text(captions, index), prefixes)) words.push(table.number(word));
    }
    starts[index + 1] = words.length;
  }
  return { words: words.values(), starts };
}
