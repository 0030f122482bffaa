import { argumentError } from '@eim/runs/arguments';
import { defineCommand } from '../command/define-command.js';
import { printResult } from '../output.js';
import { JSON_OPTION } from './options.js';

export const scoreMmeCommand = defineCommand({
  name: 'score mme',
  summary: "Score answers of any model to MME, by the official program's accuracy and accuracy+.",
  details: `Answers: a folder with one <task>.txt for each of the 14 tasks, in the official four columns separated by tabs:
picture, question, right answer, the model's answer. The answer is "yes" or "no" if it holds that within its first four characters.`,
  arguments: [],
  options: {
    answers: { type: 'text', placeholder: 'DIR', description: 'folder of the answers' },
    questions: {
      type: 'text',
      placeholder: 'DIR',
      description: 'folder of the questions, to check the answers against',
    },
    json: JSON_OPTION,
  },
  examples: [{ command: 'eim score mme --answers results/lavin-13b', meaning: 'all tasks and both totals' }],
  async run({ options: { answers, questions, json }, terminal }) {
    if (answers === undefined) throw argumentError('--answers is needed.', 'Write --answers DIR.');
    const { scoreMme } = await import('@eim/benchmarks');
    const { readTextFiles } = await import('@eim/runs');
    const { incompleteLines, mmeText } = await import('../text/mme-text.js');
    const result = scoreMme({
      folder: answers,
      answers: await readTextFiles(answers),
      ...(questions !== undefined && { questions: await readTextFiles(questions) }),
    });
    for (const line of json ? incompleteLines(result.incomplete) : []) terminal.stderr.write(`${line}\n`);
    printResult(terminal, json, { document: result, text: () => mmeText(result) });
  },
});
