import { defineCommand } from '../command/define-command.js';
import { withContext } from '../command/with-context.js';
import { printResult } from '../output.js';
import { JSON_OPTION } from './options.js';

export const dataCheckCommand = defineCommand({
  name: 'data check',
  summary: 'Read a data set, decode every picture, and say what is wrong.',
  details: `Exits with 2 if anything is wrong. --use names the data set that reads PATH: captions, questions, scienceqa, mme, or\none of a package, as @acme/package/entry.`,
  arguments: [
    {
      name: 'PATH',
      description: 'a folder with captions.json and images/, or a file of captions or questions',
    },
  ],
  options: {
    images: { type: 'text', placeholder: 'DIR', description: 'folder that the picture names start from' },
    use: { type: 'text', placeholder: 'NAME', description: 'data set that reads PATH (default: captions)' },
    json: JSON_OPTION,
  },
  examples: [
    { command: 'eim data check ~/rsicd', meaning: 'check captions before training' },
    { command: 'eim data check chat.jsonl --use questions', meaning: 'check conversations' },
  ],
  async run(invocation) {
    const { checkData } = await import('@eim/runs');
    const { datasetText } = await import('../text/dataset-text.js');
    const {
      positionals: [path],
      options: { images, use, json },
      terminal,
    } = invocation;
    const report = await withContext({ ...invocation, options: {} }, (context) =>
      checkData(path!, { ...context, images, use }),
    );
    printResult(terminal, json, { document: report, text: () => datasetText(report) });
    if (report.problems.length > 0) {
      const { EimError } = await import('@eim/contracts');
      const count =
        report.problems.length === 1 ? 'A problem was' : `${report.problems.length} problems were`;
      throw new EimError({
        code: 'invalid-data',
        message: `${count} found in ${path}.`,
        advice: 'Mend them and check again.',
      });
    }
  },
});
