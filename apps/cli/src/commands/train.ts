import { defineCommand } from '../command/define-command.js';
import { usageError } from '../command/usage-error.js';
import { withThreads } from '../command/with-threads.js';
import { printResult } from '../output.js';
import { ENGINE_OPTION, JSON_OPTION, THREADS_OPTION } from './options.js';

export const trainCommand = defineCommand({
  name: 'train',
  summary: 'Train the model of a config, segment by segment.',
  details: `Prints the run folder. Ctrl-C saves and stops; --resume goes on from there and ends with the
very same weights. Overrides are dotted paths with YAML values: training.seed=3.`,
  arguments: [
    { name: 'CONFIG', description: 'a config file; not with --resume', optional: true },
    { name: 'key=value', description: 'changes to the config', many: true, optional: true },
  ],
  options: {
    json: JSON_OPTION,
    engine: ENGINE_OPTION,
    threads: THREADS_OPTION,
    eager: {
      type: 'flag',
      description: 'take steps operation by operation, also where the engine could record and replay them',
    },
    out: { type: 'text', placeholder: 'DIR', description: 'run folder (default: runs/<config>-<time>)' },
    resume: { type: 'text', placeholder: 'RUN', description: 'go on with the run in this folder' },
  },
  examples: [
    { command: 'eim train configs/demo-eim.yaml', meaning: 'train on generated scenes' },
    {
      command: 'eim train configs/rsicd-eim.yaml data.path=~/rsicd training.seed=2',
      meaning: 'change some values',
    },
    { command: 'eim train --resume runs/demo-eim-20250101-120000', meaning: 'go on with an interrupted run' },
  ],
  async run({ positionals: [config, ...overrides], options, terminal, signal }) {
    const { startRun, resumeRun } = await import('../training/run-training.js');
    const { runText } = await import('../training/run-text.js');
    const { out, resume, engine, eager } = options;
    if (resume !== undefined && (config !== undefined || out !== undefined)) {
      throw usageError(
        '--resume takes its config and folder from the run.',
        'Leave CONFIG, overrides and --out away.',
      );
    }
    if (resume === undefined && config === undefined) {
      throw usageError('`eim train` needs CONFIG: a config file.', 'See `eim train --help`.');
    }
    const context = { terminal: withThreads(terminal, options.threads), signal, engine, eager };
    const { folder, result } =
      resume === undefined
        ? await startRun(config!, overrides, out, context)
        : await resumeRun(resume, context);
    if (!options.json) terminal.stderr.write(`${runText(result)}\n`);
    printResult(terminal, options.json, { document: { run: folder, ...result }, text: () => folder });
  },
});
