import { argumentError } from '@eim/runs/arguments';
import { defineCommand } from '../command/define-command.js';
import { withContext } from '../command/with-context.js';
import { printResult } from '../output.js';
import { tensorsText } from '../text/tensors-text.js';
import { ENGINE_OPTION, JSON_OPTION, THREADS_OPTION } from './options.js';

export const exportCommand = defineCommand({
  name: 'export',
  summary: "Write a trained part as another program's checkpoint.",
  details: `Writes a PyTorch file under that program's names: for \`lavin\` the ST of a run, as LaVIN's programs load it
(\`torch.load(FILE)['model']\`). What of the part the program has no place for is refused by name.`,
  arguments: [{ name: 'RUN', description: 'the folder of a trained run' }],
  options: {
    target: { type: 'text', placeholder: 'PROGRAM', description: 'the program that is to read it: lavin' },
    out: {
      type: 'text',
      placeholder: 'FILE',
      description: "the file to write; PROGRAM.pth in the run's folder without it",
    },
    engine: ENGINE_OPTION,
    threads: THREADS_OPTION,
    json: JSON_OPTION,
  },
  examples: [
    { command: 'eim export runs/lavin --target lavin --out checkpoint.pth', meaning: 'for LaVIN’s eval.py' },
  ],
  async run(invocation) {
    const {
      positionals: [run],
      options: { target, out, json },
      terminal,
    } = invocation;
    if (target === undefined) throw argumentError('`eim export` needs --target PROGRAM.', 'Such as lavin.');
    const { exportRun } = await import('@eim/runs');
    const written = await withContext(invocation, (context) => exportRun(run!, { ...context, target, out }));
    printResult(terminal, json, { document: written, text: () => tensorsText(written) });
  },
});
