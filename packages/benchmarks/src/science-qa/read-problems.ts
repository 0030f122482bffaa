import { EimError } from '@eim/contracts';
import { describe, isObject, type JsonObject, type NamedJson, refuse } from '../files/json-fields.js';
import { entriesById, parseJsonFile } from '../files/parse-json-file.js';
import { readListedProblem, readOfficialProblem, readProblemId } from './read-problem.js';
import type { ScienceQaProblem } from './science-qa-problem.js';

/** Everything known of the questions. */
export interface ScienceQaData {
  /** By pid. */
  readonly problems: ReadonlyMap<string, ScienceQaProblem>;
  /** Pids by split, where `pid_splits.json` was there. */
  readonly splits: ReadonlyMap<string, readonly string[]>;
}

const PROBLEMS = 'problems.json';
const SPLITS = 'pid_splits.json';
const CAPTIONS = 'captions.json';
const LISTS = ['sqa_test_4241.json', 'sqa_val_images.json', 'sqa_train_images.json', 'sqa_train_text.json'];

/** The files of a data folder that `readProblems` reads, in its order. */
export function selectProblemFiles(paths: readonly string[]): string[] {
  const problems = paths.includes(PROBLEMS) ? [PROBLEMS] : LISTS.filter((name) => paths.includes(name));
  return [...problems, ...[SPLITS, CAPTIONS].filter((name) => paths.includes(name))];
}

/**
 * The questions from the official `problems.json` (an object by pid), or from lists of problems, with the
 * official `pid_splits.json` and `captions.json` where they are given.
 * @param files contents by name; every name but the two above is read as problems
 * @throws EimError `invalid-file` or `invalid-data` naming file, line or entry
 */
export function readProblems(files: ReadonlyMap<string, Uint8Array>): ScienceQaData {
  const captionBytes = files.get(CAPTIONS);
  const captions = captionBytes ? readCaptions(parseJsonFile(CAPTIONS, captionBytes)) : {};
  const problems = new Map<string, ScienceQaProblem>();
  for (const [name, bytes] of files) {
    if (name === CAPTIONS || name === SPLITS) continue;
    for (const problem of readProblemFile(parseJsonFile(name, bytes), captions)) {
      if (problems.has(problem.id)) refuse(name, `question ${problem.id}`, 'is there a second time');
      problems.set(problem.id, problem);
    }
  }
  if (problems.size === 0) {
    throw new EimError({
      code: 'missing-file',
      message: 'There are no ScienceQA questions here.',
      advice: `Give a folder with ${PROBLEMS} (and ${SPLITS}), or with ${LISTS[0]}.`,
    });
  }
  const splitBytes = files.get(SPLITS);
  return { problems, splits: splitBytes ? readSplits(parseJsonFile(SPLITS, splitBytes)) : new Map() };
}

function readProblemFile(named: NamedJson, captions: JsonObject): ScienceQaProblem[] {
  const { file, json } = named;
  if (Array.isArray(json)) return json.map((entry, index) => readListedProblem(file, index, entry));
  if (isObject(json)) {
    return entriesById(named, json).map(([id, entry]) => {
      const caption = Object.hasOwn(captions, id) ? captions[id] : undefined;
      return readOfficialProblem(file, id, entry, typeof caption === 'string' ? caption : undefined);
    });
  }
  return refuse(file, '', `the document is ${describe(json)}, not ScienceQA's problems`);
}

function readCaptions({ file, json }: NamedJson): JsonObject {
  if (isObject(json) && isObject(json.captions)) return json.captions;
  return refuse(file, 'captions', 'is not an object of captions by pid');
}

function readSplits({ file, json }: NamedJson): Map<string, readonly string[]> {
  if (!isObject(json)) refuse(file, '', `the document is ${describe(json)}, not pids by split`);
  return new Map(
    Object.entries(json).map(([split, ids]) => {
      if (!Array.isArray(ids)) refuse(file, split, `is ${describe(ids)}, not a list of pids`);
      return [split, ids.map((id, index) => readProblemId(file, `${split}[${index}]`, id))];
    }),
  );
}
