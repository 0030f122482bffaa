import { defineCommand } from '../command/define-command.js';
import { withContext } from '../command/with-context.js';
import { printResult } from '../output.js';
import { DISTINCT_REFERENCES_OPTION, ENGINE_OPTION, JSON_OPTION, THREADS_OPTION } from './options.js';

export const compareCommand = defineCommand({
  name: 'compare',
  summary: 'Compare two finished runs over the same data, and write a report.',
  details: `Captions the held-out pictures with both, decoding as each config says, and scores them with the COCO
Caption metrics as the official program does, beside three baselines: the most common caption, the nearest
training picture, one human sentence against the rest. Differences in CIDEr are tested by a seeded paired
bootstrap. Writes report.html and comparison.json; the runs themselves are not changed.`,
  arguments: [
    { name: 'RUN', description: 'the folder of a finished run' },
    { name: 'RUN', description: 'the folder of another run over the same data' },
  ],
  options: {
    split: { type: 'text', placeholder: 'NAME', description: "split to score (default: the configs')" },
    out: { type: 'text', placeholder: 'DIR', description: 'where to write (default: runs/compare-<time>)' },
    distinctReferences: DISTINCT_REFERENCES_OPTION,
    engine: ENGINE_OPTION,
    threads: THREADS_OPTION,
    json: JSON_OPTION,
  },
  examples: [
    { command: 'eim compare runs/rsicd-plain runs/rsicd-eim', meaning: 'compare the second with the first' },
    {
      command: 'eim compare runs/a runs/b --split val --out runs/a-b --json',
      meaning: 'compare on another split, for a program',
    },
  ],
  async run(invocation) {
    const { compareRuns } = await import('@eim/runs');
    const { comparisonText } = await import('../text/comparison-text.js');
    const {
      positionals: [first, second],
      options,
      terminal,
    } = invocation;
    const outcome = await withContext(invocation, (context) =>
      compareRuns([first!, second!], { ...options, ...context }),
    );
    printResult(terminal, options.json, { document: outcome, text: () => comparisonText(outcome) });
  },
});
