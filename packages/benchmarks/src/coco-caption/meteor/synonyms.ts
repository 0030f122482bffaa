import type { MeteorResources } from './resources.js';

/** WordNet's rules of detachment (`morphy`): nouns, verbs, adjectives; the first that gives a known word decides. */
const DETACHMENTS: readonly (readonly [string, string])[] = [
  ['s', ''],
  ['ses', 's'],
  ['xes', 'x'],
  ['zes', 'z'],
  ['ches', 'ch'],
  ['shes', 'sh'],
  ['men', 'man'],
  ['ies', 'y'],
  ['es', 'e'],
  ['es', ''],
  ['ed', 'e'],
  ['ed', ''],
  ['ing', 'e'],
  ['ing', ''],
  ['er', ''],
  ['est', ''],
  ['er', 'e'],
  ['est', 'e'],
];
const NONE: readonly number[] = [];

/** Which words METEOR takes for synonyms: those that share a set of WordNet, themselves or by their base forms. */
export class Synonyms {
  readonly #resources: MeteorResources;
  readonly #sets = new Map<string, ReadonlySet<number>>();

  constructor(resources: MeteorResources) {
    this.#resources = resources;
  }

  /** The sets of a word and of its base forms. */
  sets(word: string): ReadonlySet<number> {
    let sets = this.#sets.get(word);
    if (sets === undefined) {
      sets = new Set([...this.#own(word), ...this.#ofBaseForms(word)]);
      this.#sets.set(word, sets);
    }
    return sets;
  }

  #own(word: string): readonly number[] {
    return this.#resources.synonymSets.get(word) ?? NONE;
  }

  #ofBaseForms(word: string): readonly number[] {
    const irregular = this.#resources.exceptions.get(word);
    if (irregular) return irregular.flatMap((base) => this.#own(base));
    if (word.length <= 2 || word.endsWith('ss')) return NONE;
    for (const [ending, replacement] of DETACHMENTS) {
      if (!word.endsWith(ending)) continue;
      const sets = this.#own(word.slice(0, -ending.length) + replacement);
      if (sets.length > 0) return sets;
    }
    return NONE;
  }
}

export function haveCommon(left: ReadonlySet<number>, right: ReadonlySet<number>): boolean {
  if (left.size === 0 || right.size === 0) return false;
  const [fewer, more] = left.size < right.size ? [left, right] : [right, left];
  for (const set of fewer) if (more.has(set)) return true;
  return false;
}
