import type { QuestionSplits } from '../datasets/question-splits.js';
import { type MmeItem, mmeBenchmark } from './mme-benchmark.js';

/** MME's questions as rows of the one split `test`: the published question, answered by `Yes` or `No`. */
export function mmeQuestions(items: readonly MmeItem[]): QuestionSplits {
  const rows = items.map((item) => ({
    id: mmeBenchmark.identify(item),
    prompt: mmeBenchmark.prompt(item),
    answers: [item.answer === 'yes' ? 'Yes' : 'No'],
    choices: ['Yes', 'No'],
    picture: item.image,
  }));
  return { name: 'mme', splits: new Map([['test', rows]]), notes: [] };
}
