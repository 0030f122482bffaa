import { MME_PUBLISHED_LINES, MME_REFERENCE_LINES, MME_TASKS, type MmeResult } from '@eim/benchmarks';
import { textTable } from './text-table.js';

/** An MME result for a terminal, beside the scores of systems that do not look at the pictures. */
export function mmeText(result: MmeResult): string {
  const { perception, cognition, tasks, questions, other, incomplete, unknownFiles } = result;
  const digits = (value: number) => value.toFixed(2);
  return [
    textTable([
      ['', 'perception', 'cognition'],
      ['these answers', digits(perception), digits(cognition)],
      ...[...MME_REFERENCE_LINES, ...MME_PUBLISHED_LINES].map((line) => [
        line.name,
        digits(line.perception),
        digits(line.cognition),
      ]),
    ]),
    '',
    textTable([
      ['task', 'accuracy', 'accuracy+', 'score', 'neither yes nor no'],
      ...MME_TASKS.map((task) => {
        const { accuracy, accuracyPlus, score, other: neither } = tasks[task];
        return [task, digits(accuracy), digits(accuracyPlus), digits(score), String(neither)];
      }),
    ]),
    '',
    `${questions} questions; ${other} answers are neither yes nor no and count as wrong.`,
    ...incompleteLines(incomplete),
    ...(unknownFiles.length > 0 ? [`Of no task, left out: ${unknownFiles.join(', ')}.`] : []),
  ].join('\n');
}

/** Tasks with unanswered questions, one line each. */
export function incompleteLines(incomplete: MmeResult['incomplete']): string[] {
  return Object.entries(incomplete).map(
    ([task, { given, official }]) =>
      `Not the published benchmark: ${task} has ${given} questions instead of ${official}.`,
  );
}
