import type { Benchmark } from '@eim/contracts';
import { choiceBaselines } from './choice-baselines.js';
import { parseAnswer, UNPARSED } from './parse-answer.js';
import { PROMPT_TEMPLATES, type PromptTemplate, promptQuestion } from './prompts.js';
import { readProblems, selectProblemFiles } from './read-problems.js';
import { LETTERS, type ScienceQaProblem } from './science-qa-problem.js';
import { type ColumnScore, scoreChoices } from './score-choices.js';
import { selectSplit } from './select-split.js';
import { applyUnparsedRule } from './unparsed-rule.js';

/** ScienceQA as a benchmark: a prediction is the place of a choice, -1 where the text names none. */
export const scienceQaBenchmark: Benchmark<ScienceQaProblem, number, boolean> = {
  name: 'scienceqa',
  options: {
    split: { description: 'split to score', default: 'test' },
    prompt: { description: 'prompt template', default: 'QCM-A', values: PROMPT_TEMPLATES },
    caption: {
      description: 'whether the official captions of pictures join the context',
      default: 'no',
      values: ['yes', 'no'],
    },
    unparsed: {
      description: 'what an answer that names no choice counts as',
      default: 'wrong',
      values: ['wrong', 'random'],
    },
    seed: { description: 'of the random rule', default: '0' },
  },
  selectFiles: selectProblemFiles,
  load: (files, { split = 'test' } = {}) => selectSplit(readProblems(files), split),
  identify: ({ id }) => id,
  picture: ({ image }) => image,
  prompt: (problem, { prompt = 'QCM-A', caption } = {}) =>
    promptQuestion(problem, prompt as PromptTemplate, { useCaption: caption === 'yes' }),
  parse: parseAnswer,
  score: (choice, { answer }) => choice === answer,
  aggregate(choices, problems, { unparsed = 'wrong', seed = '0' } = {}) {
    const rule = unparsed === 'random' ? 'random' : 'wrong';
    const final = applyUnparsedRule(problems, choices, rule, Number(seed));
    const { columns, absent } = scoreChoices(problems, final);
    const ofColumns = (value: keyof ColumnScore) =>
      Object.fromEntries(Object.entries(columns).map(([column, score]) => [column, score[value]]));
    return {
      ...ofColumns('accuracy'),
      questions: problems.length,
      unparsed: { count: choices.filter((choice) => choice === UNPARSED).length, rule },
      absent,
      standardError: ofColumns('standardError'),
      baselines: choiceBaselines(problems),
    };
  },
  rank: (choices, problems) => choices.map((choice, index) => Number(choice === problems[index]!.answer)),
  expected: ({ answer, choices }) => `(${LETTERS[answer]}) ${choices[answer]}`,
};
