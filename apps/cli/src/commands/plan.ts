import { defineCommand } from '../command/define-command.js';
import { withThreads } from '../command/with-threads.js';
import { printResult } from '../output.js';
import { ENGINE_OPTION, JSON_OPTION, THREADS_OPTION } from './options.js';

export const planCommand = defineCommand({
  name: 'plan',
  summary: 'Show the segments of a config, what they cost, and how long they will take here.',
  details: 'Takes one real step of each segment on this machine; trains nothing.',
  arguments: [
    { name: 'CONFIG', description: 'a config file' },
    { name: 'key=value', description: 'changes to the config', many: true, optional: true },
  ],
  options: { engine: ENGINE_OPTION, threads: THREADS_OPTION, json: JSON_OPTION },
  examples: [{ command: 'eim plan configs/rsicd-eim.yaml plan.steps=4000', meaning: 'before a long run' }],
  async run({ positionals: [config, ...overrides], options, terminal, signal }) {
    const { estimatePlan } = await import('../training/estimate-plan.js');
    const { estimateText } = await import('../training/estimate-text.js');
    const estimate = await estimatePlan(config!, overrides, {
      terminal: withThreads(terminal, options.threads),
      signal,
      engine: options.engine,
    });
    printResult(terminal, options.json, { document: estimate, text: () => estimateText(estimate) });
  },
});
