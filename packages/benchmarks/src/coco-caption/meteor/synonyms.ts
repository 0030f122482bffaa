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

  constructor(resources: MeteorResources) {
    this.#resources = resources;
  }

  /** The sets of a word and of its base forms, rising, each once. */
  sets(word: string): Int32Array {
    return Int32Array.from(new Set([...this.#own(word), ...this.#ofBaseForms(word)])).sort();
  }

  #own(word: string): readonly number[] {
    return this.#resources.synonymSets.get(word)?.map(Number) ?? NONE;
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
