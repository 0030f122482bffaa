/**
 * The Snowball English stemmer (Porter2) of METEOR 1.5's time, from its description:
 * https://snowballstem.org/algorithms/english/stemmer.html
 */

/** Words with a stem of their own. */
const OWN_STEMS: ReadonlyMap<string, string> = new Map([
  ...(
    'skis:ski skies:sky dying:die lying:lie tying:tie idly:idl gently:gentl ugly:ugli early:earli only:onli ' +
    'singly:singl'
  )
    .split(' ')
    .map((pair) => pair.split(':') as [string, string]),
  ...'sky news howe atlas cosmos bias andes'.split(' ').map((word): [string, string] => [word, word]),
]);
/** Left alone once a plural ending is gone. */
const WHOLE = new Set('inning outing canning herring earring proceed exceed succeed'.split(' '));
const BEFORE_R1 = /^(?:gener|commun|arsen)/;
const VOWEL = /[aeiouy]/;
const DOUBLE = /(?:bb|dd|ff|gg|mm|nn|pp|rr|tt)$/;
/** A short syllable at the end: also a whole word of vowel and consonant. */
const SHORT_SYLLABLE = /(?:[^aeiouy][aeiouy][^aeiouywxY]|^[aeiouy][^aeiouy])$/;

type Ending = readonly [ending: string, replacement: string, before?: RegExp];

/** The longest ending decides, so longer ones come first. */
const endings = (text: string): Ending[] =>
  text
    .split(' ')
    .map((pair) => pair.split(':') as [string, string])
    .sort(([left], [right]) => right.length - left.length);

const STEP_2: readonly Ending[] = [
  ...endings(
    'tional:tion enci:ence anci:ance abli:able entli:ent izer:ize ization:ize ational:ate ation:ate ator:ate ' +
      'alism:al aliti:al alli:al fulness:ful ousli:ous ousness:ous iveness:ive iviti:ive biliti:ble bli:ble ' +
      'fulli:ful lessli:less',
  ),
  ['ogi', 'og', /l$/],
  ['li', '', /[cdeghkmnrt]$/],
];
const STEP_3 = endings('tional:tion ational:ate alize:al icate:ic iciti:ic ical:ic ful: ness: ative:');
const STEP_4: readonly Ending[] = [
  ...endings('al: ance: ence: er: ic: able: ible: ant: ement: ment: ent: ism: ate: iti: ous: ive: ize:'),
  ['ion', '', /[st]$/],
];

const stems = new Map<string, string>();

/** @param word in lower case */
export function stemWord(word: string): string {
  let stem = stems.get(word);
  if (stem === undefined) {
    stem = word.length <= 2 ? word : (OWN_STEMS.get(word) ?? computeStem(word));
    stems.set(word, stem);
  }
  return stem;
}

function computeStem(original: string): string {
  // A y that is a consonant is written Y.
  let word = original
    .replace(/^'/, '')
    .replace(/^y/, 'Y')
    .replace(/([aeiouy])y/g, '$1Y');
  const r1 = BEFORE_R1.exec(word)?.[0].length ?? regionAfter(word, 0);
  const r2 = regionAfter(word, r1);
  word = withoutPlural(word.replace(/'(?:s'?)?$/, ''));
  if (!WHOLE.has(word)) {
    word = withoutPast(word, r1);
    word = word.replace(/(?<=.[^aeiouy])[yY]$/, 'i');
    word = replaceEnding(word, STEP_2, r1);
    word = replaceEnding(word, STEP_3, r1, r2);
    word = replaceEnding(word, STEP_4, r2);
    word = withoutLast(word, r1, r2);
  }
  return word.replaceAll('Y', 'y');
}

/** Where the part after the first consonant that follows a vowel begins. */
function regionAfter(word: string, start: number): number {
  const found = /[aeiouy][^aeiouy]/.exec(word.slice(start));
  return found ? start + found.index + 2 : word.length;
}

function withoutPlural(word: string): string {
  if (word.endsWith('sses')) return word.slice(0, -2);
  if (/ie[ds]$/.test(word)) return word.slice(0, word.length > 4 ? -2 : -1);
  if (/[us]s$/.test(word) || !word.endsWith('s')) return word;
  return VOWEL.test(word.slice(0, -2)) ? word.slice(0, -1) : word;
}

function withoutPast(word: string, r1: number): string {
  const present = /eed(?:ly)?$/.exec(word);
  if (present) return present.index >= r1 ? `${word.slice(0, present.index)}ee` : word;
  const past = /(?:ed|ing)(?:ly)?$/.exec(word);
  if (!past || !VOWEL.test(word.slice(0, past.index))) return word;
  const stem = word.slice(0, past.index);
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (DOUBLE.test(stem)) return stem.slice(0, -1);
  return r1 >= stem.length && SHORT_SYLLABLE.test(stem) ? `${stem}e` : stem;
}

/** @param r2 where "ative" has to begin at the earliest */
function replaceEnding(word: string, list: readonly Ending[], region: number, r2 = 0): string {
  for (const [ending, replacement, before] of list) {
    if (!word.endsWith(ending)) continue;
    const start = word.length - ending.length;
    const isAllowed = start >= region && (ending !== 'ative' || start >= r2);
    return isAllowed && (!before || before.test(word.slice(0, start)))
      ? word.slice(0, start) + replacement
      : word;
  }
  return word;
}

function withoutLast(word: string, r1: number, r2: number): string {
  const start = word.length - 1;
  const rest = word.slice(0, -1);
  if (word.endsWith('e')) {
    return start >= r2 || (start >= r1 && !SHORT_SYLLABLE.test(rest)) ? rest : word;
  }
  return word.endsWith('ll') && start >= r2 ? rest : word;
}
