import { defineCommand } from '../command/define-command.js';
import { withContext } from '../command/with-context.js';
import { printResult } from '../output.js';
import { JSON_OPTION } from './options.js';

export const paramsCommand = defineCommand({
  name: 'params',
  summary: 'Count the parameters of each part, and what each segment trains.',
  details:
    'Counts from shapes: no weights are read and nothing is trained. Without data, the vocabulary counts as full.',
  arguments: [
    { name: 'CONFIG', description: 'a config file' },
    { name: 'key=value', description: 'changes to the config', many: true, optional: true },
  ],
  options: { json: JSON_OPTION },
  examples: [
    { command: 'eim params configs/demo-eim.yaml', meaning: 'see what the demo trains' },
    { command: 'eim params my.yaml model.llm.preset=gpt2 --json', meaning: 'try another LLM, for a program' },
  ],
  async run(invocation) {
    const { countConfig } = await import('@eim/runs');
    const { ledgerText } = await import('../text/ledger-text.js');
    const {
      positionals: [config, ...overrides],
      options: { json },
      terminal,
    } = invocation;
    const ledger = await withContext({ ...invocation, options: {} }, (context) =>
      countConfig(config!, { ...context, overrides }),
    );
    printResult(terminal, json, { document: ledger, text: () => ledgerText(ledger) });
  },
});
