// Run from the repository's root, after `npm run setup` and `npx eim engine install node`:
//   npm run bench -- cluster-forecast [--rows N] [--steps N] [--teraflops N] [--gigabits N,N]
import { execFile } from 'node:child_process';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { askProcesses } from '../cluster/ask-processes.js';
import type { LanguageRun } from '../cluster/language-run.js';
import { CLUSTER_WORKER } from '../cluster/run-cluster-benchmark.js';
import { median } from '../engine-step/median.js';
import {
  type ComputeTimes,
  computeTimes,
  forecastStep,
  type NetworkTimes,
  networkTimes,
} from './speed-up-model.js';

const SUM_WORKER = fileURLToPath(new URL('./sum-worker.ts', import.meta.url));
const COMMAND = fileURLToPath(new URL('../../../cli/bin/eim.mjs', import.meta.url));
const CONFIGS = fileURLToPath(new URL('../../../../configs/', import.meta.url));

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '32' },
    steps: { type: 'string', default: '5' },
    teraflops: { type: 'string', default: '55' },
    gigabits: { type: 'string', default: '10,100' },
  },
});
const [rows, steps] = [Number(values.rows), Number(values.steps)];
const before = loadavg()[0]!;

const stepOf = async (size: number, all: number) => {
  const [first] = await askProcesses<LanguageRun>(CLUSTER_WORKER, size, [all, steps, 'together']);
  const { parameters, steps: clock, processor } = first!;
  return { parameters, clock: median(clock), processor: median(processor) };
};
const [alone, half] = [await stepOf(1, rows), await stepOf(1, rows / 2)];
const gradientBytes = 4 * alone.parameters;
interface SumSeconds {
  readonly clock: number;
  readonly processor: number;
}
const sums = await askProcesses<readonly [SumSeconds, SumSeconds]>(SUM_WORKER, 2, [`1,${alone.parameters}`]);
const [short, long] = sums[0]!;
// One thread computes as long as it takes processor time, whatever else runs.
const compute = computeTimes({ rows, seconds: alone.processor }, { rows: rows / 2, seconds: half.processor });
const here: NetworkTimes = {
  ...networkTimes(short.clock, { bytes: gradientBytes, seconds: long.clock }),
  processor: long.processor / gradientBytes,
};

console.log(
  `${cpus()[0]?.model ?? 'an unknown processor'}, ${availableParallelism()} threads; load ${before.toFixed(1)} before`,
);
console.log(
  `one thread: ${compute.fixed.toFixed(3)} s a step and ${compute.perRow.toFixed(4)} s a row; between two processes here: ` +
    `${(1000 * here.latency).toFixed(1)} ms a message, ${(here.bandwidth / 1e6).toFixed(0)} MB/s, ` +
    `${(1e9 * here.processor!).toFixed(1)} ns of processor time a byte`,
);
console.log(`\nchecked here, ${rows} rows of all together`);
for (const workers of [1, 2, 3]) {
  const crowding = Math.max(1, workers / availableParallelism());
  const shape = { workers, rows: rows / workers, gradientBytes, crowding };
  const { hidden, unhidden, processor } = forecastStep(compute, here, shape);
  const measured = workers === 1 ? alone : await stepOf(workers, rows);
  console.log(
    `${workers} processes: processor time of each ${processor.toFixed(3)} s a step, measured ${measured.processor.toFixed(3)}; ` +
      `by the clock ${hidden.toFixed(3)} to ${unhidden.toFixed(3)}, measured ${measured.clock.toFixed(3)}`,
  );
}

const ofCard = (perRow: number): ComputeTimes => ({
  fixed: 0,
  perRow: perRow / ((Number(values.teraflops) * 1e12) / 2),
});
const plans = [
  { name: 'LM of 12.6M, one thread', compute, rows, gradientBytes },
  ...(await Promise.all(
    (
      [
        ['ClipCap', 'clipcap-coco.yaml', 40],
        ['LaVIN-7B', 'lavin-7b.yaml', 32],
      ] as const
    ).map(async ([name, config, rows]) => {
      const plan = await planOf(config, rows);
      return {
        name: `${name}, a card of ${values.teraflops} teraflops`,
        compute: ofCard(plan.perRow),
        rows,
        gradientBytes: 4 * plan.trainable,
      };
    }),
  )),
];
console.log(
  '\nextrapolated, not measured: workers of their own machines, each with the rows of a whole step',
);
for (const [{ name, ...plan }, gigabits] of plans.flatMap((plan) =>
  values.gigabits.split(',').map((each) => [plan, Number(each)] as const),
)) {
  // The processor's part was measured here; cards add up by themselves.
  const processor = plan.compute === compute ? here.processor : 0;
  const network = { latency: here.latency, bandwidth: (gigabits * 1e9) / 8, processor };
  const alone = forecastStep(plan.compute, network, { ...plan, workers: 1 }).hidden;
  const faster = [2, 8, 64].map((workers) => {
    const { hidden, unhidden } = forecastStep(plan.compute, network, { ...plan, workers });
    return `${workers}: ${((workers * alone) / unhidden).toFixed(1)} to ${((workers * alone) / hidden).toFixed(1)} times`;
  });
  console.log(
    `${name}, ${gigabits} Gbit/s (${plan.rows} rows, ${(plan.gradientBytes / 1e6).toFixed(0)} MB of gradients, ${alone.toFixed(2)} s a step): ${faster.join(', ')}`,
  );
}

/** What the only segment of a published recipe computes and learns, counted from shapes. @param rows of its steps */
async function planOf(config: string, rows: number): Promise<{ perRow: number; trainable: number }> {
  const args = [COMMAND, 'plan', `${CONFIGS}${config}`, 'plan.steps=100', '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 26 });
  const { segments, ledger } = JSON.parse(stdout) as {
    readonly segments: readonly [{ readonly name: string; readonly perStep: number }];
    readonly ledger: {
      readonly parts: Readonly<Record<string, { readonly trainable: Readonly<Record<string, number>> }>>;
    };
  };
  const [{ name, perStep }] = segments;
  const trainable = Object.values(ledger.parts).reduce((sum, part) => sum + (part.trainable[name] ?? 0), 0);
  return { perRow: perStep / rows, trainable };
}
