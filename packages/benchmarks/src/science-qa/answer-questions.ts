import { EimError } from '@eim/contracts';
import { listSome, refuse } from '../files/json-fields.js';
import { parseAnswer, UNPARSED } from './parse-answer.js';
import type { ScienceQaPredictions } from './read-predictions.js';
import type { ScienceQaData } from './read-problems.js';
import type { ScienceQaProblem } from './science-qa-problem.js';

export interface ReadAnswers {
  /** The choice of each question, in their order; -1 where none could be read or none was given. */
  readonly choices: readonly number[];
  /** Questions without an answer; they count as unparsed. */
  readonly missing: number;
  /** Answers to questions of other splits, left out. */
  readonly otherSplits: number;
}

/**
 * A system's choices for the questions of a split.
 * @throws EimError `invalid-data` for an answer to no known question and for a choice that a question lacks
 */
export function answerQuestions(
  questions: readonly ScienceQaProblem[],
  predictions: ScienceQaPredictions,
  { problems, splits }: ScienceQaData,
): ReadAnswers {
  const { answers, file } = predictions;
  const asked = new Set(questions.map(({ id }) => id));
  const known = new Set([...problems.keys(), ...[...splits.values()].flat()]);
  const unknown = [...answers.keys()].filter((id) => !asked.has(id) && !known.has(id));
  if (unknown.length > 0) {
    throw new EimError({
      code: 'invalid-data',
      message: `${file}: ${unknown.length} of ${answers.size} answers are to questions that the data do not have, the first at ${predictions.where(unknown[0]!)}: ${listSome(unknown)}.`,
      advice: 'Check that the predictions are of ScienceQA and keyed by pid.',
      data: { file, unknown: unknown.length },
    });
  }
  let missing = 0;
  const choices = questions.map((question) => {
    const answer = answers.get(question.id);
    if (answer === undefined) missing++;
    if (answer === undefined || answer === UNPARSED) return UNPARSED;
    if (typeof answer === 'string') return parseAnswer(answer, question);
    if (answer < question.choices.length) return answer;
    return refuse(
      file,
      predictions.where(question.id),
      `is choice ${answer}, but the question has ${question.choices.length} (counted from 0)`,
    );
  });
  const otherSplits = [...answers.keys()].filter((id) => !asked.has(id)).length;
  return { choices, missing, otherSplits };
}
