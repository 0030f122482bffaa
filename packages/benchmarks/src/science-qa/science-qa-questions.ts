import type { FolderSettings } from '../datasets/folder-settings.js';
import type { QuestionRow, QuestionSplits } from '../datasets/question-splits.js';
import { answerQuestion, choiceSentences, type PromptTemplate, promptQuestion } from './prompts.js';
import type { ScienceQaData } from './read-problems.js';
import type { ScienceQaProblem } from './science-qa-problem.js';

/** The published splits that have no question in common; `trainval`, `minitest` and the like are made of these. */
const SPLITS = ['train', 'val', 'test'] as const;

export interface ScienceQaPrompting {
  /** How questions are put and answers are given. @default 'QCM-A' */
  readonly prompt: PromptTemplate;
  /** Whether the official captions of pictures join the context. @default 'no' */
  readonly caption: 'yes' | 'no';
}

/** What ScienceQA is opened with as a data set. */
export interface ScienceQaSettings extends FolderSettings, ScienceQaPrompting {}

/**
 * ScienceQA's questions as rows, in the order of `pid_splits.json`. A prompt is the template's; the answer is the one
 * that the template's model is trained to give, and the choices are the sentences by which it names its choice: `The
 * answer is B.` Questions of a split that the data lack are left out, with a note.
 * @throws EimError `invalid-data` where the template needs the context by itself and the source joins it
 */
export function scienceQaQuestions(data: ScienceQaData, prompting: ScienceQaPrompting): QuestionSplits {
  const splits = new Map<string, QuestionRow[]>();
  const notes: string[] = [];
  for (const split of SPLITS) {
    const ids = data.splits.get(split);
    const problems = ids
      ? ids.flatMap((id) => data.problems.get(id) ?? [])
      : [...data.problems.values()].filter((problem) => problem.split === split);
    const lacking = (ids?.length ?? problems.length) - problems.length;
    if (lacking > 0) notes.push(`the data lack ${lacking} of the ${ids!.length} questions of ${split}`);
    if (problems.length > 0) {
      splits.set(
        split,
        problems.map((problem) => rowOf(problem, prompting)),
      );
    }
  }
  return { name: 'scienceqa', splits, notes };
}

function rowOf(problem: ScienceQaProblem, { prompt, caption }: ScienceQaPrompting): QuestionRow {
  return {
    id: problem.id,
    prompt: promptQuestion(problem, prompt, { useCaption: caption === 'yes' }),
    answers: [answerQuestion(problem, prompt)],
    choices: choiceSentences(problem, prompt),
    ...(problem.hasImage && { picture: problem.image ?? null }),
  };
}
