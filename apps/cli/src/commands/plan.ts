import { defineCommand } from '../command/define-command.js';
import { withContext } from '../command/with-context.js';
import { printResult } from '../output.js';
import { ENGINE_OPTION, JSON_OPTION, THREADS_OPTION } from './options.js';

export const planCommand = defineCommand({
  name: 'plan',
  summary: 'Show the segments of a config, what they cost, and how long they will take here.',
  details: `Counts multiply-adds from shapes, the same on every engine, and takes six steps of each kind of segment on this
machine, or fewer where they are slow, to foretell time and memory of a run. Pictures whose features lie in the cache
on disk take less. If the config fixes all sizes, neither data nor weights are needed; without data nothing is timed, and
texts count with the greatest length that the config allows.`,
  arguments: [
    { name: 'CONFIG', description: 'a config file' },
    { name: 'key=value', description: 'changes to the config', many: true, optional: true },
  ],
  options: {
    teraflops: {
      type: 'number',
      placeholder: 'N',
      description: 'also tell the time on a device that sustains N teraflops, two operations a multiply-add',
      minimum: 0.001,
    },
    engine: ENGINE_OPTION,
    threads: THREADS_OPTION,
    json: JSON_OPTION,
  },
  examples: [
    { command: 'eim plan configs/rsicd-eim.yaml plan.steps=4000', meaning: 'see the cost before a long run' },
    {
      command: 'eim plan configs/lavin-7b-eim.yaml --teraflops 55',
      meaning: 'how long a card would take that this machine does not have',
    },
  ],
  async run(invocation) {
    const { estimatePlan } = await import('@eim/runs');
    const { estimateText } = await import('../text/estimate-text.js');
    const {
      positionals: [config, ...overrides],
      options,
      terminal,
    } = invocation;
    const estimate = await withContext(invocation, (context) =>
      estimatePlan(config!, { ...context, overrides }),
    );
    const { teraflops } = options;
    const elsewhere =
      teraflops === undefined ? undefined : { teraflops, seconds: secondsAt(teraflops, estimate) };
    printResult(terminal, options.json, {
      document: { ...estimate, ...(elsewhere && { elsewhere }) },
      text: () => estimateText(estimate, elsewhere),
    });
  },
});

/** Seconds that the multiply-adds of training and gates take, evaluation apart. */
function secondsAt(
  teraflops: number,
  { total, gates }: { readonly total: number; readonly gates: number },
): number {
  return (2 * (total + gates)) / (teraflops * 1e12);
}
