import { EimError } from '@eim/contracts';
import { builtInUrls } from '../built-ins.js';
import type { Invocation, OptionValues } from '../command/define-command.js';
import { parseList, parseNumbers } from '../command/parse-list.js';
import { withContext } from '../command/with-context.js';
import { printResult } from '../output.js';
import { ENGINE_OPTION, JSON_OPTION, THREADS_OPTION } from './options.js';

/** Options of every command that trains an experiment. */
export const BENCH_OPTIONS = {
  only: { type: 'text', placeholder: 'ARM[,ARM]', description: 'train only these arms' },
  seeds: { type: 'text', placeholder: 'S[,S]', description: 'train only with these seeds of the experiment' },
  shard: {
    type: 'text',
    placeholder: 'i/n',
    description: 'of these units only every n-th, from the i-th on, for machines that share them',
  },
  dryRun: {
    type: 'flag',
    description: 'list the units, what they cost and how long they take; train nothing',
  },
  limitMinutes: {
    type: 'number',
    placeholder: 'N',
    description: 'start no unit after N minutes',
    minimum: 0,
  },
  engine: ENGINE_OPTION,
  threads: THREADS_OPTION,
  json: JSON_OPTION,
} as const;

/** What all of these commands say of themselves. */
export const BENCH_DETAILS = `A unit is one training of an arm with a seed, and its scores. Each runs in a process of its own and ends in a small
record; units whose record fits are skipped, so the command may be stopped and given again at any time. Given in two terminals,
with --threads 1 in each, the two share the units. Runs lie in EIM_RUNS (default: runs/ in EIM_CACHE, or in ~/.cache/eim).
Prints the table that the records give.`;

/** Trains an experiment, or lists what there is to do. */
export async function benchExperiment(
  file: string,
  invocation: Pick<Invocation<OptionValues<typeof BENCH_OPTIONS>>, 'options' | 'terminal' | 'signal'>,
): Promise<void> {
  const { runExperiment, listUnits, experimentTable } = await import('@eim/runs');
  const { unitsText, outcomeText } = await import('../text/experiment-text.js');
  const { options, terminal } = invocation;
  const selection = {
    only: parseList('--only', options.only),
    seeds: parseNumbers('--seeds', options.seeds),
    shard: options.shard,
    packageUrls: builtInUrls(),
  };
  if (options.dryRun) {
    const units = await withContext(invocation, (context) => listUnits(file, { ...context, ...selection }));
    printResult(terminal, options.json, { document: units, text: () => unitsText(units) });
    return;
  }
  const { limitMinutes } = options;
  const outcome = await withContext(invocation, (context) =>
    runExperiment(file, { ...context, ...selection, limitMinutes }),
  );
  const { environment, workingFolder } = terminal;
  const table = await experimentTable(file, { environment, workingFolder });
  if (!options.json) terminal.stderr.write(`${outcomeText(outcome)}\n`);
  printResult(terminal, options.json, { document: { ...outcome, table }, text: () => table });
  const [first] = outcome.failed;
  if (!first) return;
  throw new EimError({
    code: 'invariant-violated',
    message: `${outcome.failed.length} units failed, the first ${first.unit}: ${first.reason}`,
    data: { failed: outcome.failed },
  });
}
