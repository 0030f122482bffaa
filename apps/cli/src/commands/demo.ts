import { argumentError } from '@eim/runs/arguments';
import {
  type CommandOptions,
  defineCommand,
  type Invocation,
  type OptionValues,
} from '../command/define-command.js';
import { pullMissing } from '../command/pull-missing.js';
import { withContext } from '../command/with-context.js';
import { printResult } from '../output.js';
import { DISTINCT_REFERENCES_OPTION, ENGINE_OPTION, JSON_OPTION, THREADS_OPTION } from './options.js';

const OPTIONS = {
  data: {
    type: 'text',
    placeholder: 'PATH',
    description: 'captioned pictures of your own: a folder or a caption file',
  },
  real: {
    type: 'flag',
    description: 'train a captioner of published parts on --data',
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
    description: 'steps of the eim plan, plain gets the same compute; with --real, steps in all',
    minimum: 10,
  },
  distinctReferences: DISTINCT_REFERENCES_OPTION,
  engine: ENGINE_OPTION,
  threads: THREADS_OPTION,
  json: JSON_OPTION,
} as const satisfies CommandOptions;

export const demoCommand = defineCommand({
  name: 'demo',
  summary: 'Train one small model in two ways, compare them on held-out pictures, and write a report.',
  details: `Trains \`plain\` (all parts together) and \`eim\` (in segments, each behind a gate) from the same initial
weights and with equal training compute, scores both with the COCO Caption metrics, and writes report.html.
Without --data the pictures are small generated scenes; that takes under three minutes on two cores.
With --data and --real one captioner is trained instead, from published parts: EfficientNet-Lite2, which stays as it is, and
SmolLM2-135M, which is tuned. Both are fetched first, if you say yes; the estimate of the time comes before training begins.
That takes 7 GB of memory and more, and the node engine (\`eim engine install node\`).`,
  arguments: [],
  options: OPTIONS,
  examples: [
    { command: 'eim demo', meaning: 'see it work' },
    {
      command: 'eim demo --data ~/rsicd',
      meaning: 'on your own pictures; an estimate of the time comes first',
    },
    {
      command: 'eim demo --data ~/rsicd --real',
      meaning: 'a captioner of your pictures that starts from published weights',
    },
  ],
  async run(invocation) {
    const { options, terminal } = invocation;
    if (options.real) return await runReal(invocation);
    const { runDemo } = await import('@eim/runs');
    const { comparisonText } = await import('../text/comparison-text.js');
    const outcome = await withContext(invocation, (context) => runDemo({ ...options, ...context }));
    printResult(terminal, options.json, { document: outcome, text: () => comparisonText(outcome) });
  },
});

/** `eim demo --data PATH --real`. */
async function runReal(invocation: Invocation<OptionValues<typeof OPTIONS>>): Promise<void> {
  const { options, terminal } = invocation;
  const { data } = options;
  if (data === undefined) {
    throw argumentError(
      '--real trains on pictures of your own: --data is needed.',
      'Write --data PATH, a folder or a caption file.',
    );
  }
  const { runRealDemo } = await import('@eim/runs');
  const { evaluationText } = await import('../text/evaluation-text.js');
  const { run, ...record } = await withContext(invocation, (context) =>
    runRealDemo({
      ...options,
      ...context,
      data,
      fetchModels: (names) => pullMissing(names, terminal, context),
    }),
  );
  const { captions: _, ...document } = record;
  printResult(terminal, options.json, {
    document: { ...record.scores, ...document, run },
    text: () => `${evaluationText(record)}\nRun: ${run}`,
  });
}
