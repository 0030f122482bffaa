import { argumentError } from '@eim/runs/arguments';
import { defineCommand } from '../command/define-command.js';
import { printResult } from '../output.js';
import { JSON_OPTION } from './options.js';

export const scoreScienceQaCommand = defineCommand({
  name: 'score scienceqa',
  summary: 'Score answers of any model to ScienceQA, by the nine official columns.',
  details: `Predictions: {"pid": choice from 0, or the model's text}; an official result file, whose "results" decide; or
JSON lines with "question_id" and "text". Data: a folder with the official problems.json and pid_splits.json, or
with sqa_test_4241.json. A column that the data do not allow is absent, with the reason.
Texts name a choice as "B", "B. ..." or "The answer is B.". A text that names none, -1, and a question without an
answer are unparsed: wrong by LLaVA's rule, or a random choice by ScienceQA's and LaVIN's.`,
  arguments: [],
  options: {
    predictions: { type: 'text', placeholder: 'FILE', description: "the model's answers" },
    data: { type: 'text', placeholder: 'DIR', description: 'folder of the questions, or a problems.json' },
    split: { type: 'text', placeholder: 'NAME', description: 'split to score (default: test)' },
    unparsed: {
      type: 'text',
      placeholder: 'RULE',
      description: 'how an unparsed answer counts: wrong (default) or random',
    },
    seed: {
      type: 'integer',
      placeholder: 'S',
      description: 'seed of the random rule (default: 0)',
      minimum: 0,
    },
    reparse: { type: 'flag', description: 'read the "outputs" of a result file instead of its "results"' },
    against: { type: 'text', placeholder: 'FILE', description: "other answers, for McNemar's test" },
    json: JSON_OPTION,
  },
  examples: [
    {
      command: 'eim score scienceqa --predictions answers.json --data ScienceQA/data/scienceqa',
      meaning: 'score answers beside the published table',
    },
    {
      command: 'eim score scienceqa --predictions a.jsonl --against b.jsonl --data DIR --json',
      meaning: 'compare one system with another',
    },
  ],
  async run({ options, terminal }) {
    const { predictions, data, against, split, seed, reparse, json } = options;
    const unparsed = options.unparsed ?? 'wrong';
    if (predictions === undefined)
      throw argumentError('--predictions is needed.', 'Write --predictions FILE.');
    if (data === undefined) throw argumentError('--data is needed.', 'Write --data DIR.');
    if (unparsed !== 'wrong' && unparsed !== 'random') {
      throw argumentError(`--unparsed is "${unparsed}".`, 'Write wrong or random.');
    }
    const { readFile } = await import('node:fs/promises');
    const { readPredictions, scoreScienceQa } = await import('@eim/benchmarks');
    const { readScienceQa } = await import('@eim/runs');
    const { scienceQaText } = await import('../text/science-qa-text.js');
    const read = async (file: string) => readPredictions(file, await readFile(file), { reparse });
    const result = scoreScienceQa({
      data: await readScienceQa(data),
      predictions: await read(predictions),
      ...(against !== undefined && { against: await read(against) }),
      ...(split !== undefined && { split }),
      ...(seed !== undefined && { seed }),
      unparsed,
    });
    printResult(terminal, json, { document: result, text: () => scienceQaText(result) });
  },
});
