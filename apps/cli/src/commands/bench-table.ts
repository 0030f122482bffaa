import { EimError } from '@eim/contracts';
import { argumentError } from '@eim/runs/arguments';
import { defineCommand } from '../command/define-command.js';
import { printResult } from '../output.js';
import { JSON_OPTION } from './options.js';

export const benchTableCommand = defineCommand({
  name: 'bench table',
  summary: 'Make the table of an experiment from its records, without training.',
  details: `Prints Markdown. --write makes every table of a page anew: each stands between the lines <!-- table: NAME --> and
<!-- /table -->, and NAME.yaml is looked for in experiments/. --check changes nothing, and fails where a page holds another
table than its records give.`,
  arguments: [{ name: 'EXPERIMENT', description: 'an experiment file', optional: true }],
  options: {
    write: { type: 'text', placeholder: 'PAGE', description: 'make the tables of this page anew' },
    check: {
      type: 'text',
      placeholder: 'PAGE',
      description: 'compare the tables of this page with the records',
    },
    experiments: {
      type: 'text',
      placeholder: 'DIR',
      description: 'folder of the experiments that a page names (default: experiments)',
    },
    json: JSON_OPTION,
  },
  examples: [
    { command: 'eim bench table experiments/ablation.yaml', meaning: 'print one table' },
    { command: 'eim bench table --write docs/results.md', meaning: 'bring a page up to date' },
  ],
  async run({ positionals: [experiment], options, terminal }) {
    const { write, check, experiments, json } = options;
    if ([experiment, write, check].filter((one) => one !== undefined).length !== 1) {
      throw argumentError(
        '`eim bench table` needs one of EXPERIMENT, --write PAGE and --check PAGE.',
        'See `eim bench table --help`.',
      );
    }
    const { experimentTable, renewedPage, writeResultPage } = await import('@eim/runs');
    const { environment, workingFolder } = terminal;
    const surroundings = { environment, workingFolder };
    if (experiment !== undefined) {
      const table = await experimentTable(experiment, surroundings);
      printResult(terminal, json, { document: { table }, text: () => table });
      return;
    }
    const page = { ...surroundings, experiments };
    const changed =
      write === undefined ? (await renewedPage(check!, page)).changed : await writeResultPage(write, page);
    if (check !== undefined && changed.length > 0) {
      throw new EimError({
        code: 'invalid-data',
        message: `The records give other tables than ${check} holds: ${changed.join(', ')}.`,
        advice: `Run \`eim bench table --write ${check}\`.`,
        data: { page: check, tables: changed },
      });
    }
    const text = changed.length === 0 ? 'Every table is up to date.' : `Made anew: ${changed.join(', ')}.`;
    printResult(terminal, json, { document: { changed }, text: () => text });
  },
});
