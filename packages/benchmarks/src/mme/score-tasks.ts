import { COGNITION, type MmeTask, PERCEPTION } from './tasks.js';

export type YesNo = 'yes' | 'no' | 'other';

/**
 * The answer that a model's text gives, as MME's `calculation.py` reads it: `yes`, else `no`, anywhere in the
 * first four characters, whatever their case; else neither.
 */
export function parseYesNo(text: string): YesNo {
  const start = [...text.toLowerCase().slice(0, 8)].slice(0, 4).join('');
  if (start.includes('yes')) return 'yes';
  return start.includes('no') ? 'no' : 'other';
}

/** What a score is computed from. */
export interface MmeResponse {
  readonly task: MmeTask;
  readonly answer: 'yes' | 'no';
  readonly given: YesNo;
}

export interface MmeTaskScore {
  /** Percent of questions answered rightly. */
  readonly accuracy: number;
  /** Percent of pictures with both questions answered rightly. */
  readonly accuracyPlus: number;
  /** Their sum, at most 200. */
  readonly score: number;
  readonly questions: number;
  /** Answers that are neither yes nor no; they count as wrong. */
  readonly other: number;
}

export interface MmeScores {
  /** Sum over the ten tasks, at most 2,000. */
  readonly perception: number;
  /** Sum over the four tasks, at most 800. */
  readonly cognition: number;
  readonly tasks: Readonly<Record<MmeTask, MmeTaskScore>>;
}

/**
 * Accuracy, accuracy+ and totals as MME's `calculation.py` computes them (Fu et al., 2023, section 2.2).
 * @param responses by task; two of each picture one after the other
 */
export function scoreTasks(responses: Readonly<Record<MmeTask, readonly MmeResponse[]>>): MmeScores {
  const scored = (tasks: readonly MmeTask[]) =>
    tasks.map((task) => [task, scoreTask(responses[task])] as const);
  const perception = scored(PERCEPTION);
  const cognition = scored(COGNITION);
  return {
    perception: total(perception),
    cognition: total(cognition),
    tasks: Object.fromEntries([...perception, ...cognition]) as Record<MmeTask, MmeTaskScore>,
  };
}

/** Whether each text answers its question rightly. */
export function isRight({ answer, given }: MmeResponse): boolean {
  return answer === given;
}

export function toResponse(question: Pick<MmeResponse, 'task' | 'answer'>, text: string): MmeResponse {
  return { task: question.task, answer: question.answer, given: parseYesNo(text) };
}

/** One task's accuracy and accuracy+. @param responses two of each picture one after the other */
export function scoreTask(responses: readonly MmeResponse[]): MmeTaskScore {
  let right = 0;
  let pairs = 0;
  for (let index = 0; index < responses.length; index += 2) {
    const first = isRight(responses[index]!);
    const second = isRight(responses[index + 1]!);
    right += Number(first) + Number(second);
    pairs += Number(first && second);
  }
  const accuracy = (right / responses.length) * 100;
  const accuracyPlus = (pairs / (responses.length / 2)) * 100;
  return {
    accuracy,
    accuracyPlus,
    score: accuracy + accuracyPlus,
    questions: responses.length,
    other: responses.filter(({ given }) => given === 'other').length,
  };
}

function total(tasks: readonly (readonly [MmeTask, MmeTaskScore])[]): number {
  return tasks.reduce((sum, [, { score }]) => sum + score, 0);
}
