import { defineCommand } from '../command/define-command.js';
import { printResult } from '../output.js';
import { JSON_OPTION } from './options.js';

export const paramsCommand = defineCommand({
  name: 'params',
  summary: 'Count the parameters of each part, and what each segment trains.',
  details:
    'Builds the model on the cpu engine; trains nothing. The vocabulary comes from the training captions.',
  arguments: [
    { name: 'CONFIG', description: 'a config file' },
    { name: 'key=value', description: 'changes to the config', many: true, optional: true },
  ],
  options: { json: JSON_OPTION },
  examples: [
    { command: 'eim params configs/demo-eim.yaml', meaning: 'see what the demo trains' },
    { command: 'eim params my.yaml model.llm.preset=gpt2 --json', meaning: 'try another LLM, for a program' },
  ],
  async run({ positionals: [config, ...overrides], options, terminal }) {
    const { countConfig } = await import('../model/count-config.js');
    const { ledgerText } = await import('../model/ledger-text.js');
    const ledger = await countConfig(config!, overrides, terminal);
    printResult(terminal, options.json, { document: ledger, text: () => ledgerText(ledger) });
  },
});
