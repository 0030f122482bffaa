import { defineCommand } from '../command/define-command.js';
import { withContext } from '../command/with-context.js';
import { printResult } from '../output.js';
import { DISTINCT_REFERENCES_OPTION, ENGINE_OPTION, JSON_OPTION, THREADS_OPTION } from './options.js';

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
      description: 'seed of scenes, weights and data order (default: 1)',
      minimum: 0,
    },
    steps: {
      type: 'integer',
      placeholder: 'N',
      description: 'steps of the eim plan; plain gets the same compute',
      minimum: 10,
    },
    distinctReferences: DISTINCT_REFERENCES_OPTION,
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
  async run(invocation) {
    const { runDemo } = await import('@eim/runs');
    const { comparisonText } = await import('../text/comparison-text.js');
    const { options, terminal } = invocation;
    const outcome = await withContext(invocation, (context) => runDemo({ ...options, ...context }));
    printResult(terminal, options.json, { document: outcome, text: () => comparisonText(outcome) });
  },
});
