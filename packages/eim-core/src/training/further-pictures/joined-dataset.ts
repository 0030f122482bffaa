import { type Dataset, EimError, type Row, type SplitName } from '@eim/contracts';
import { splitRows } from '../data/split-rows.js';

/** The name of a split's rows with the pictures of another behind them. */
export const joinedName = (split: string, further: string): string => `${split}+${further}`;

/** Two splits that are joined. */
export interface JoinedSplits {
  readonly split: string;
  /** Of its rows the pictures count alone. */
  readonly further: string;
}

/** A data set with further splits: rows of one, and behind them the pictures of another as rows without answers. */
export class JoinedDataset implements Dataset {
  readonly #dataset: Dataset;
  readonly #joined: ReadonlyMap<SplitName, readonly Row[]>;
  readonly mixture: NonNullable<Dataset['mixture']>;

  constructor(dataset: Dataset, joined: readonly JoinedSplits[]) {
    this.#dataset = dataset;
    this.#joined = new Map(
      joined.map((splits) => [joinedName(splits.split, splits.further), joinedRows(dataset, splits)]),
    );
    this.mixture = (name) => (this.#joined.has(name) ? undefined : dataset.mixture?.(name));
  }

  get name(): string {
    return this.#dataset.name;
  }

  get splits(): readonly SplitName[] {
    return [...this.#dataset.splits, ...this.#joined.keys()];
  }

  get notes(): readonly string[] {
    return this.#dataset.notes;
  }

  split(name: SplitName): readonly Row[] {
    return this.#joined.get(name) ?? this.#dataset.split(name);
  }

  /** Whether rows of a split may lack answers: its objective knows. */
  mayLackAnswers(name: SplitName): boolean {
    return this.#joined.has(name);
  }
}

/** Whether rows of a split may be trained on that have no answers. */
export const mayLackAnswers = (dataset: Dataset, split: SplitName): boolean =>
  dataset instanceof JoinedDataset && dataset.mayLackAnswers(split);

function joinedRows(dataset: Dataset, { split, further }: JoinedSplits): Row[] {
  const own = splitRows(dataset, split);
  const unanswered = own.find(({ answers }) => answers.length === 0);
  if (unanswered) throw noAnswer(unanswered, split);
  const pictured = splitRows(dataset, further).filter(({ picture }) => picture !== undefined);
  return [
    ...own,
    ...pictured.map(({ id, picture }) => ({
      id: `${further}/${id}`,
      picture: picture!,
      prompt: '',
      answers: [],
    })),
  ];
}

const noAnswer = ({ id }: Row, split: string): EimError =>
  new EimError({
    code: 'invalid-data',
    message: `Row ${id} of '${split}' has no answer, and pictures are to be labelled by what is said of others there.`,
    advice: 'Train on a split with answers, and name the one without them as pseudo.split.',
    data: { id, split },
  });
