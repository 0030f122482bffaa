import { EimError } from '@eim/contracts';
import { decodeText } from '@eim/contracts/json';
import { LinePairs } from './line-pairs.js';
import { LOWER_CASE_PREFIXES, type NonbreakingPrefixes, readPrefixes } from './normalise-text.js';

/** What METEOR 1.5 reads from its jar for English. */
export interface MeteorResources {
  readonly functionWords: ReadonlySet<string>;
  /** WordNet's sets of synonyms, by word. */
  readonly synonymSets: { get(word: string): readonly string[] | undefined };
  /** Irregular forms, with the words that they are forms of. */
  readonly exceptions: ReadonlyMap<string, readonly string[]>;
  readonly prefixes: NonbreakingPrefixes;
}

const FUNCTION_WORDS = 'english.words';
const SYNONYMS = 'english.synsets';
const EXCEPTIONS = 'english.exceptions';
const PREFIXES = 'english.prefixes';
const NEEDED = [FUNCTION_WORDS, SYNONYMS, EXCEPTIONS];

/** True of the files that `readMeteorResources` reads, wherever in a jar or folder they lie. */
export function isMeteorResource(path: string): boolean {
  return [...NEEDED, PREFIXES].includes(baseName(path));
}

/**
 * METEOR's English word lists.
 * @param files by path; only the last part of a path counts
 * @param source the jar or folder, for messages
 * @throws EimError `missing-file` naming every list that is not there
 */
export function readMeteorResources(files: ReadonlyMap<string, Uint8Array>, source: string): MeteorResources {
  const texts = new Map(
    [...files].map(([path, bytes]) => [baseName(path), decodeText(path, bytes)] as const),
  );
  const missing = NEEDED.filter((name) => !texts.has(name));
  if (missing.length > 0) {
    throw new EimError({
      code: 'missing-file',
      message: `${source} lacks METEOR's word lists: ${missing.join(', ')}.`,
      advice: 'Give the jar of METEOR 1.5 (meteor-1.5.jar), or a folder that holds its word lists.',
      data: { source, missing },
    });
  }
  const prefixes = texts.get(PREFIXES);
  return {
    functionWords: new Set(lines(texts.get(FUNCTION_WORDS)!)),
    synonymSets: new LinePairs(texts.get(SYNONYMS)!),
    exceptions: readExceptions(texts.get(EXCEPTIONS)!),
    prefixes: prefixes === undefined ? LOWER_CASE_PREFIXES : readPrefixes(prefixes),
  };
}

/** A base form, then the forms that it has. */
function readExceptions(text: string): Map<string, readonly string[]> {
  const exceptions = new Map<string, string[]>();
  for (const [base, forms] of new LinePairs(text).entries()) {
    for (const form of forms) {
      const bases = exceptions.get(form);
      if (bases) bases.push(base);
      else exceptions.set(form, [base]);
    }
  }
  return exceptions;
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
