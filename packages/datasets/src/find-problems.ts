import type { Dataset, Row, SplitName } from '@eim/contracts';

/** How many problems of one kind are spelt out; the rest are counted. */
const SHOWN = 20;

/** What is wrong with rows by themselves: repeated ids, missing answers, answers that match no choice. */
export function findRowProblems(dataset: Dataset): string[] {
  const repeated: string[] = [];
  const unanswered: string[] = [];
  const unchosen: string[] = [];
  const bare: string[] = [];
  for (const split of dataset.splits) {
    const ids = new Set<string>();
    for (const row of dataset.split(split)) {
      const name = `row ${row.id} of ${split}`;
      if (ids.has(row.id)) repeated.push(`${name} has the id of an earlier row`);
      ids.add(row.id);
      if (row.answers.length === 0 && dataset.unanswered?.includes(split)) continue;
      if (row.answers.length === 0) unanswered.push(`${name} has no answer`);
      else if (!answersNameChoices(row))
        unchosen.push(`${name} has an answer that names none of its choices`);
      if (row.prompt === '' && !row.picture) bare.push(`${name} has neither a prompt nor a picture`);
    }
  }
  return [repeated, unanswered, unchosen, bare].flatMap(bounded);
}

/** Each answer is a choice, or holds one, as `The answer is B. BECAUSE: ...` holds `The answer is B.` */
function answersNameChoices({ answers, choices }: Row): boolean {
  if (!choices) return true;
  return answers.every((answer) => choices.some((choice) => answer.includes(choice)));
}

/** The same picture in two splits lets a model be tested on what it has learnt. */
export function findPictureProblems(dataset: Dataset): string[] {
  const seen = new Map<string, { split: SplitName; source: string }>();
  const told = new Set<string>();
  const problems: string[] = [];
  for (const split of dataset.splits) {
    for (const { picture } of dataset.split(split)) {
      if (!picture) continue;
      const { fingerprint, source } = picture;
      const other = seen.get(fingerprint);
      if (!other) seen.set(fingerprint, { split, source });
      else if (other.split !== split && !told.has(`${split} ${fingerprint}`)) {
        told.add(`${split} ${fingerprint}`);
        problems.push(
          source === other.source
            ? `${source} is in ${other.split} and in ${split}`
            : `${source} (${split}) is the same picture as ${other.source} (${other.split})`,
        );
      }
    }
  }
  return bounded(problems);
}

function bounded(problems: readonly string[]): string[] {
  const shown = problems.slice(0, SHOWN);
  if (problems.length > SHOWN) shown.push(`and ${problems.length - SHOWN} more problems of this kind`);
  return shown;
}
