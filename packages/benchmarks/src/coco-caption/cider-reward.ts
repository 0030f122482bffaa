import { EimError, type PluginEntry, type Reward, type RewardContext, type Row } from '@eim/contracts';
import { optionsSchema } from '../datasets/options-schema.js';
import { CiderScorer } from './cider.js';
import { type NGramCounts, NGramTable } from './n-gram-table.js';
import { tokeniseCaptions } from './tokenise-captions.js';

/** New n-grams of generated texts after which counting begins anew, so that a long training does not fill the memory. */
const MOST_NEW = 2 ** 20;

/**
 * CIDEr-D against a row's answers, as coco-caption computes it, with document frequencies of the rows that are trained on. It is what
 * self-critical training makes greater: `{use: self-critical, options: {reward: '@eim/benchmarks/cider'}}`.
 */
export const ciderReward: PluginEntry<object, RewardContext, Reward> = {
  presets: {},
  optionsSchema: optionsSchema<object>({}),
  create: (_, { rows }) => createCiderReward(rows),
};

/** N-gram counts by one table, and what makes scores of them. */
interface Counting {
  readonly table: NGramTable;
  readonly scorer: CiderScorer;
  /** Numbers that the table had given for the documents alone. */
  readonly size: number;
  readonly references: Map<Row, readonly NGramCounts[]>;
}

/** @throws EimError `invalid-data` for fewer than two documents, of which none can have a rare word */
function createCiderReward(rows: readonly Row[]): Reward {
  const documents = documentsOf(rows);
  if (documents.length < 2) {
    throw new EimError({
      code: 'invalid-data',
      message: `CIDEr weighs words by how few pictures they are said of, and there is ${documents.length === 1 ? 'one' : 'none'}: every score would be 0.`,
      advice: 'Train on two pictures or more.',
      data: { documents: documents.length },
    });
  }
  let counting: Counting | undefined;
  return {
    score(said) {
      if (!counting || counting.table.size > counting.size + MOST_NEW) counting = startCounting(documents);
      const { table, scorer, references } = counting;
      const candidates = tokeniseCaptions(said.map(({ text }) => text));
      return said.map(({ row }, index) => {
        let known = references.get(row);
        if (!known) {
          known = tokeniseCaptions(row.answers).map((answer) => table.count(answer));
          references.set(row, known);
        }
        return scorer.score({ candidate: table.count(candidates[index]!), references: known });
      });
    },
  };
}

function startCounting(documents: readonly (readonly string[])[]): Counting {
  const table = new NGramTable();
  const tokenised = tokeniseCaptions(documents.flat());
  let start = 0;
  const counts = documents.map((answers) => {
    const own = tokenised.slice(start, start + answers.length).map((answer) => table.count(answer));
    start += answers.length;
    return own;
  });
  const scorer = new CiderScorer(counts, table.size);
  return { table, scorer, size: table.size, references: new Map() };
}

/** All that is said of a picture is one document, however many rows say it; so is a row of text alone. */
function documentsOf(rows: readonly Row[]): readonly (readonly string[])[] {
  const byPicture = new Map<string, string[]>();
  const texts: (readonly string[])[] = [];
  for (const { picture, answers } of rows) {
    if (!picture) {
      texts.push(answers);
      continue;
    }
    const known = byPicture.get(picture.fingerprint);
    if (known) known.push(...answers);
    else byPicture.set(picture.fingerprint, [...answers]);
  }
  return [...byPicture.values(), ...texts];
}
