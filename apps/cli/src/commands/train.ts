import { argumentError } from '@eim/runs/arguments';
import { defineCommand } from '../command/define-command.js';
import { withContext } from '../command/with-context.js';
import { printResult } from '../output.js';
import { ENGINE_OPTION, JSON_OPTION, THREADS_OPTION } from './options.js';

export const trainCommand = defineCommand({
  name: 'train',
  summary: 'Train the model of a config, segment by segment.',
  details: `Prints the run folder. Ctrl-C saves and stops; --resume goes on from there and ends with
exactly the weights of an uninterrupted run. Overrides are dotted paths with YAML values: training.seed=3.`,
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
      description: 'run steps operation by operation, even if the engine could record and replay them',
    },
    out: { type: 'text', placeholder: 'DIR', description: 'run folder (default: runs/<config>-<time>)' },
    cluster: {
      type: 'text',
      placeholder: 'FILE',
      description: 'addresses of the processes that train together; or TF_CONFIG',
    },
    rank: {
      type: 'integer',
      placeholder: 'N',
      description: 'which of them this is (default: TF_CONFIG, EIM_RANK, SLURM_PROCID, JOB_COMPLETION_INDEX)',
      minimum: 0,
    },
    resume: { type: 'text', placeholder: 'RUN', description: 'go on with the run in this folder' },
  },
  examples: [
    { command: 'eim train configs/demo-eim.yaml', meaning: 'train on generated scenes' },
    {
      command: 'eim train configs/rsicd-eim.yaml data.path=~/rsicd training.seed=2',
      meaning: 'change some values',
    },
    {
      command: 'eim train configs/rsicd-eim.yaml --cluster cluster.yaml --rank 1 --out runs/shared',
      meaning: 'be one of several processes',
    },
    { command: 'eim train --resume runs/demo-eim-20250101-120000', meaning: 'go on with an interrupted run' },
  ],
  async run(invocation) {
    const {
      positionals: [config, ...overrides],
      options,
      terminal,
    } = invocation;
    const { out, resume, eager } = options;
    if (resume !== undefined && (config !== undefined || out !== undefined)) {
      throw argumentError(
        '--resume takes its config and folder from the run.',
        'Leave out CONFIG, overrides and --out.',
      );
    }
    if (resume === undefined && config === undefined) {
      throw argumentError('`eim train` needs CONFIG: a config file.', 'See `eim train --help`.');
    }
    const { startRun, resumeRun, readCluster } = await import('@eim/runs');
    const { environment, workingFolder } = terminal;
    const { rank } = options;
    const isShared = options.cluster !== undefined || rank !== undefined || Boolean(environment.TF_CONFIG);
    const cluster = isShared
      ? await readCluster(options.cluster, { environment, workingFolder, rank })
      : undefined;
    const { runText } = await import('../text/run-text.js');
    const { folder, result } = await withContext(invocation, (context) =>
      resume === undefined
        ? startRun(config!, { ...context, eager, overrides, out, cluster })
        : resumeRun(resume, { ...context, eager, cluster }),
    );
    if (cluster && cluster.rank > 0) return;
    if (!options.json) terminal.stderr.write(`${runText(result)}\n`);
    printResult(terminal, options.json, { document: { run: folder, ...result }, text: () => folder });
  },
});
