import { defineCommand } from '../command/define-command.js';
import { printResult } from '../output.js';
import { JSON_OPTION } from './options.js';

export const runsCommand = defineCommand({
  name: 'runs',
  summary:
    'List runs: how each stands, what it scored, and which runs it came from; or put some side by side.',
  details: `Lists the runs among and below the folders; without a folder, those of runs/, where \`eim train\` puts them.
Several folders that are all runs are put side by side: what differs in their configs, field by field, their data, the
program and engine they were made with, and their scores. Below stand the runs that parts of a run started from; a model
that is gone, or whose file is no longer the one that was used, is named. Nothing is computed and no run is changed;
\`eim compare\` scores two runs anew.`,
  arguments: [
    { name: 'DIR', description: 'the folder of a run, or one that holds runs', many: true, optional: true },
  ],
  options: {
    sort: {
      type: 'text',
      placeholder: 'KEY',
      description:
        'started (the default), folder, name, state, steps, minutes, parameters, or a score, as CIDEr',
    },
    json: JSON_OPTION,
  },
  examples: [
    { command: 'eim runs', meaning: 'see what there is, the latest first' },
    { command: 'eim runs experiments --sort CIDEr', meaning: 'those of another folder, the best first' },
    { command: 'eim runs runs/rsicd-plain runs/rsicd-eim', meaning: 'see in what two runs differ' },
  ],
  async run({ positionals, options: { sort, json }, terminal }) {
    const { contrastRuns, isRun, listRuns } = await import('@eim/runs');
    const { argumentError } = await import('@eim/runs/arguments');
    const { resolve } = await import('node:path');
    const folders = positionals.map((path) => resolve(terminal.workingFolder, path));
    if (folders.length > 1 && folders.every(isRun)) {
      if (sort !== undefined) {
        throw argumentError(
          'Runs that are put side by side stay in their order: --sort is for lists.',
          'Leave it out.',
        );
      }
      const { contrastText } = await import('../text/contrast-text.js');
      const document = await contrastRuns(folders);
      printResult(terminal, json, { document, text: () => contrastText(document, terminal.workingFolder) });
      return;
    }
    const { runsText } = await import('../text/runs-text.js');
    const runs = await listRuns(folders, { workingFolder: terminal.workingFolder, sort });
    printResult(terminal, json, { document: { runs }, text: () => runsText(runs, terminal.workingFolder) });
  },
});
