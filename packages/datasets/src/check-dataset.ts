import type { Dataset, Picture, Row } from '@eim/contracts';
import { findPictureProblems, findRowProblems } from './find-problems.js';

/** What a split holds. */
export interface SplitReport {
  readonly rows: number;
  readonly rowsWithPicture: number;
  /** Distinct pictures, by fingerprint. */
  readonly pictures: number;
  readonly answers: number;
  readonly answersPerRow: { readonly min: number; readonly mean: number; readonly max: number };
  /** Number of answers that repeat another one of the same row. */
  readonly repeatedAnswers: number;
  /** Rows with a prompt; the others are captions. */
  readonly rowsWithPrompt: number;
  readonly distinctPrompts: number;
  /** Rows with choices, one of which is the answer. */
  readonly rowsWithChoices: number;
  /** Rows with exchanges before the prompt. */
  readonly rowsWithEarlierTurns: number;
}

export interface DatasetReport {
  readonly name: string;
  readonly splits: Readonly<Record<string, SplitReport>>;
  /** What was left out or assumed when reading. */
  readonly notes: readonly string[];
  /** Problems that the user should mend, one line each; empty if there are none. */
  readonly problems: readonly string[];
}

export interface CheckOptions {
  /** Decode every distinct picture once, to find broken ones. @default true */
  readonly decode?: boolean;
  /** Called after each picture decoded. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Aborted: the check rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Counts the rows of each split, and says in words what is wrong with a data set: rows without an answer, repeated ids,
 * answers that match no choice, pictures that are in several splits, pictures that cannot be decoded.
 * @example
 * const { splits, problems } = await checkDataset(createSceneDataset());
 * console.log(splits.train?.rows, problems);
 */
export async function checkDataset(
  dataset: Dataset,
  { decode = true, onProgress, signal }: CheckOptions = {},
): Promise<DatasetReport> {
  const problems = [...findRowProblems(dataset), ...findPictureProblems(dataset)];
  if (decode) problems.push(...(await brokenPictures(distinctPictures(dataset), onProgress, signal)));
  const splits = Object.fromEntries(dataset.splits.map((split) => [split, reportOf(dataset.split(split))]));
  return { name: dataset.name, splits, notes: dataset.notes, problems };
}

/** Pictures decoded at a time. */
const AT_ONCE = 4;

async function brokenPictures(
  pictures: readonly Picture[],
  onProgress?: CheckOptions['onProgress'],
  signal?: AbortSignal,
): Promise<string[]> {
  const faults: (string | undefined)[] = [];
  const queue = pictures.entries();
  let done = 0;
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (const [index, picture] of queue) {
      signal?.throwIfAborted();
      await picture.load().catch((error: Error) => {
        faults[index] = error.message;
      });
      onProgress?.(++done, pictures.length);
    }
  });
  await Promise.all(workers);
  return faults.filter((fault) => fault !== undefined);
}

function distinctPictures(dataset: Dataset): Picture[] {
  const pictures = new Map<string, Picture>();
  for (const split of dataset.splits) {
    for (const { picture } of dataset.split(split)) {
      if (picture && !pictures.has(picture.fingerprint)) pictures.set(picture.fingerprint, picture);
    }
  }
  return [...pictures.values()];
}

function reportOf(rows: readonly Row[]): SplitReport {
  const count = (holds: (row: Row) => boolean) => rows.reduce((sum, row) => sum + Number(holds(row)), 0);
  const counts = rows.map(({ answers }) => answers.length);
  const answers = counts.reduce((sum, own) => sum + own, 0);
  const distinct = rows.reduce((sum, row) => sum + new Set(row.answers).size, 0);
  const prompts = rows.filter(({ prompt }) => prompt !== '').map(({ prompt }) => prompt);
  return {
    rows: rows.length,
    rowsWithPicture: count(({ picture }) => picture !== undefined),
    pictures: new Set(rows.flatMap(({ picture }) => picture?.fingerprint ?? [])).size,
    answers,
    answersPerRow: {
      min: counts.reduce((least, own) => Math.min(least, own), counts[0] ?? 0),
      mean: answers / Math.max(1, rows.length),
      max: counts.reduce((most, own) => Math.max(most, own), 0),
    },
    repeatedAnswers: answers - distinct,
    rowsWithPrompt: prompts.length,
    distinctPrompts: new Set(prompts).size,
    rowsWithChoices: count(({ choices }) => choices !== undefined),
    rowsWithEarlierTurns: count(({ earlier = [] }) => earlier.length > 0),
  };
}
