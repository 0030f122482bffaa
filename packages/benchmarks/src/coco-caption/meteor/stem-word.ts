/// <reference path="./snowball-stemmers.d.ts" />
import snowball from 'snowball-stemmers';

const stemmer = snowball.newStemmer('english');
const stems = new Map<string, string>();

/** The Snowball English stemmer (Porter2). */
export function stemWord(word: string): string {
  let stem = stems.get(word);
  if (stem === undefined) {
    stem = stemmer.stem(word);
    stems.set(word, stem);
  }
  return stem;
}
