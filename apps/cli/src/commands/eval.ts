import { defineCommand } from '../command/define-command.js';
import { withThreads } from '../command/with-threads.js';
import { printResult } from '../output.js';
import { DECODING_OPTIONS, ENGINE_OPTION, JSON_OPTION, THREADS_OPTION } from './options.js';

export const evalCommand = defineCommand({
  name: 'eval',
  summary: 'Caption the held-out pictures of a run and score them.',
  details: 'Writes evaluation-<split>.json into the run, with every caption, and its report.html anew.',
  arguments: [{ name: 'RUN', description: 'the folder of a run' }],
  options: {
    split: {
      type: 'text',
      placeholder: 'NAME',
      description: "split to score (default: the config's, else test)",
    },
    ...DECODING_OPTIONS,
    beams: { ...DECODING_OPTIONS.beams, description: "beams; 1 is none (default: the config's)" },
    engine: ENGINE_OPTION,
    threads: THREADS_OPTION,
    json: JSON_OPTION,
  },
  examples: [
    { command: 'eim eval runs/demo-eim', meaning: 'score a run' },
    {
      command: 'eim eval runs/demo-eim --split val --beams 5 --json',
      meaning: 'another split, with beam search',
    },
  ],
  async run({ positionals: [run], options, terminal, signal }) {
    const { evaluateRun } = await import('../evaluation/evaluate-run.js');
    const { captions, report, ...rest } = await evaluateRun(run!, {
      ...options,
      terminal: withThreads(terminal, options.threads),
      signal,
    });
    printResult(terminal, options.json, {
      document: { ...rest.scores, ...rest, report },
      text: () =>
        [
          ...Object.entries(rest.scores).map(([metric, score]) => `${metric.padEnd(8)} ${score.toFixed(4)}`),
          `${captions.length} pictures of ${rest.split}. Report: ${report}`,
        ].join('\n'),
    });
  },
});
