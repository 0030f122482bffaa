import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { EimError } from '@eim/contracts';
import { argumentError } from '@eim/runs/arguments';
import { defineCommand } from '../command/define-command.js';
import { EXIT_INTERRUPTED } from '../exit-code.js';
import { freeAddresses } from '../launch/free-addresses.js';
import { type EndedProcess, runProcesses } from '../launch/run-processes.js';
import { ENGINE_OPTION, JSON_OPTION, THREADS_OPTION } from './options.js';

export const launchCommand = defineCommand({
  name: 'launch',
  summary: 'Train a config by several processes of this machine.',
  details: `The processes share every batch and end with the run folder that one process would leave, and with its weights up to
rounding. They work on the engines node and node-gpu. For several machines, start
\`eim train CONFIG --cluster FILE\` on each.`,
  arguments: [
    { name: 'CONFIG', description: 'a config file; not with --resume', optional: true },
    { name: 'key=value', description: 'changes to the config', many: true, optional: true },
  ],
  options: {
    processes: {
      type: 'integer',
      short: 'n',
      placeholder: 'N',
      description: 'how many processes (default: 2)',
      minimum: 1,
    },
    json: JSON_OPTION,
    engine: ENGINE_OPTION,
    threads: { ...THREADS_OPTION, description: 'threads of each (default: the cores, divided among them)' },
    out: { type: 'text', placeholder: 'DIR', description: 'run folder (default: runs/<config>-<time>)' },
    resume: { type: 'text', placeholder: 'RUN', description: 'go on with the run in this folder' },
  },
  examples: [
    {
      command: 'eim launch -n 4 configs/rsicd-eim.yaml --engine node',
      meaning: 'four processes, one a core',
    },
    {
      command: 'eim launch --resume runs/rsicd-eim-20250101-120000',
      meaning: 'go on with an interrupted run',
    },
  ],
  async run({ positionals, options, terminal, signal }) {
    const { processes = 2, engine = 'node', out, resume, json } = options;
    if ((resume === undefined) === (positionals.length === 0))
      throw argumentError(
        '`eim launch` needs CONFIG or --resume RUN, and not both.',
        'See `eim launch --help`.',
      );
    const threads = options.threads ?? Math.max(1, Math.floor(availableParallelism() / processes));
    const folder = await mkdtemp(join(tmpdir(), 'eim-launch-'));
    try {
      const cluster = join(folder, 'cluster.yaml');
      // JSON is YAML, too.
      await writeFile(cluster, JSON.stringify({ addresses: await freeAddresses(processes) }));
      const words = (rank: number) => [
        'train',
        ...positionals,
        ...['--engine', engine, '--threads', String(threads), '--cluster', cluster, '--rank', String(rank)],
        ...(out === undefined ? [] : ['--out', out]),
        ...(resume === undefined ? [] : ['--resume', resume]),
        ...(json ? ['--json'] : []),
      ];
      const ranks = Array.from({ length: processes }, (_, rank) => rank);
      const ended = await runProcesses(ranks.map(words), { terminal, signal });
      refuseFailures(ended);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
});

/** @throws EimError of the process that failed first in rank and by itself: where one is gone, the others only say so */
function refuseFailures(ended: readonly EndedProcess[]): void {
  const failed = ended.filter(({ code }) => code !== 0);
  if (failed.length === 0) return;
  if (failed.every(({ code }) => code === EXIT_INTERRUPTED))
    throw new EimError({ code: 'interrupted', message: 'Stopped.' });
  const { rank, code, signal, said } =
    failed.find((one) => !one.said.includes('The cluster of ')) ?? (failed[0] as EndedProcess);
  const how = signal === null ? `with code ${code}` : `by ${signal}`;
  throw new EimError({
    code: 'cluster-failed',
    message: `Process ${rank} of ${ended.length} ended ${how}${rank === 0 ? '' : `: ${lastLine(said)}`}`,
    advice: 'Once that is mended, go on with: eim launch --resume RUN.',
    data: { ended: ended.map(({ said: _, ...one }) => one) },
  });
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
