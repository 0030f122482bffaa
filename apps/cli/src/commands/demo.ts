import { defineCommand } from '../command/define-command.js';
import { withThreads } from '../command/with-threads.js';
import { printResult } from '../output.js';
import { ENGINE_OPTION, JSON_OPTION, THREADS_OPTION } from './options.js';

export const demoCommand = defineCommand({
  name: 'demo',
  summary: 'Train one small model in two ways, compare them on held-out pictures, and write a report.',
  details: `Trains \`plain\` (all parts together) and \`eim\` (in segments, each behind a gate) from the same initial
weights and with equal training compute, scores both with the COCO Caption metrics, and writes report.html.
Without --data the pictures are small generated scenes; that takes under three minutes on two cores.`,
  arguments: [],
  options: {
    data: {
      type: 'text',
      placeholder: 'PATH',
      description: 'captioned pictures of your own: a folder or a caption file',
    },
    out: { type: 'text', placeholder: 'DIR', description: 'where to write (default: runs/demo-<time>)' },
    seed: {
      type: 'integer',
      placeholder: 'N',
      description: 'of scenes, weights and data order (default: 1)',
      minimum: 0,
    },
    steps: {
      type: 'integer',
      placeholder: 'N',
      description: 'steps of the eim plan; plain gets the same compute',
      minimum: 10,
    },
    engine: ENGINE_OPTION,
    threads: THREADS_OPTION,
    json: JSON_OPTION,
  },
  examples: [
    { command: 'eim demo', meaning: 'see it work' },
    {
      command: 'eim demo --data ~/rsicd',
      meaning: 'on your own pictures; an estimate of the time comes first',
    },
  ],
  async run({ options, terminal, signal }) {
    const { runDemo } = await import('../demo/run-demo.js');
    const { comparisonText } = await import('../comparison/comparison-text.js');
    const outcome = await runDemo({
      ...options,
      seed: options.seed ?? 1,
      terminal: withThreads(terminal, options.threads),
      signal,
    });
    printResult(terminal, options.json, { document: outcome, text: () => comparisonText(outcome) });
  },
});
