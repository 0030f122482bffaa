import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Dataset, DatasetContext } from '@eim/contracts';
import { EimError } from '@eim/contracts';
import { checkOptions } from '../check-options.js';
import { type ParseQuestionsOptions, parseQuestions } from '../questions/parse-questions.js';
import { type QuestionOptions, questionOptionsSchema } from '../questions/question-options.js';
import { splitName } from '../records/assign-splits.js';
import { FaultList } from '../records/fault-list.js';
import type { RowRecord, RowTable } from '../records/row-record.js';
import { buildDataset } from './build-dataset.js';
import { findDataFile, listFolder } from './find-data-file.js';

const ENDING = /\.(json|jsonl|ndjson)$/;
const SPLIT_FILE = /^(train|training|val|validation|valid|dev|test|testing)\.(json|jsonl|ndjson)$/;
/** Names looked for in a folder without files of splits. */
const QUESTION_FILES = {
  names: [/^questions\.(json|jsonl|ndjson)$/, ENDING],
  kind: 'file of questions',
  advice: 'It needs train.json (and val.json, test.json), or one .json or .jsonl file.',
};

/**
 * Reads questions from a file of any form that `parseQuestions` knows, or from a folder: `train`, `val` and `test`
 * files, each a split, or one file. Without a validation split, one is carved out of `train`.
 * @throws EimError `missing-file`, `invalid-argument`, or `invalid-data` listing every mistake by line or index
 * @example
 * const dataset = await readQuestionDataset({ path: 'alpaca_data.json', validationShare: 0.02 });
 */
export async function readQuestionDataset(
  options: QuestionOptions,
  { signal }: DatasetContext = {},
): Promise<Dataset> {
  const { format, template, ...settings } = checkOptions(
    questionOptionsSchema,
    options,
    'a data set of questions',
  );
  const path = resolve(settings.path);
  const parsing = { template, ...(format && { format }) };
  const splitFiles = ((await listFolder(path)) ?? [])
    .filter((name) => SPLIT_FILE.test(name))
    .sort((a, b) => rank(a) - rank(b));
  const source = { needsTrain: false, ...(signal && { signal }) };
  if (splitFiles.length > 0) {
    const table = await readSplitFiles(path, splitFiles, parsing);
    const beside = join(path, splitFiles[0]!);
    return buildDataset(table, { ...source, name: basename(path), file: path, beside }, settings);
  }
  const file = await findDataFile(path, QUESTION_FILES);
  const table = parseQuestions(await readFile(file), file, parsing);
  return buildDataset(table, { ...source, name: basename(file).replace(ENDING, ''), file }, settings);
}

/** `train` first, then `val`, then `test`. */
const rank = (name: string) => ['train', 'val', 'test'].indexOf(splitName(name.replace(ENDING, '')));

/** The rows of all files, each in the split that its file is called; mistakes of all files are reported together. */
async function readSplitFiles(
  folder: string,
  names: readonly string[],
  parsing: ParseQuestionsOptions,
): Promise<RowTable> {
  const faults = new FaultList(folder);
  const records: RowRecord[] = [];
  const notes: string[] = [];
  const seen = new Map<string, string>();
  for (const name of names) {
    const split = splitName(name.replace(ENDING, ''));
    if (seen.has(split)) faults.add(name, `holds the split "${split}", and so does ${seen.get(split)}`);
    seen.set(split, name);
    try {
      const table = parseQuestions(await readFile(join(folder, name)), name, parsing);
      notes.push(...table.notes.map((note) => `${name}: ${note}`));
      for (const record of table.records) {
        const entry = `${name}: ${record.entry}`;
        if (record.split !== undefined && splitName(record.split) !== split) {
          faults.add(entry, `is for the split "${record.split}", but stands in the file of "${split}"`);
        }
        records.push({ ...record, split, entry });
      }
    } catch (error) {
      if (!EimError.isInstance(error)) throw error;
      const found = error.data.faults as readonly string[] | undefined;
      if (found) for (const fault of found) faults.add(`${name}:`, fault);
      else faults.add(name, `cannot be read: ${error.message}`);
    }
  }
  faults.throwIfAny();
  return { records, notes };
}
