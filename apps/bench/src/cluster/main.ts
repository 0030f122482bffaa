// Run from the repository's root, after `npm run setup` and `npx eim engine install node`:
//   npm run bench -- cluster [--processes N] [--rows N] [--steps N] [--rounds N]
import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { median } from '../engine-step/median.js';
import { runClusterBenchmark } from './run-cluster-benchmark.js';

const { values } = parseArgs({
  options: {
    processes: { type: 'string', default: '2' },
    rows: { type: 'string', default: '32' },
    steps: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '3' },
  },
});
const [processes, rows, steps, rounds] = [values.processes, values.rows, values.steps, values.rounds].map(
  Number,
) as [number, number, number, number];
const before = loadavg()[0]!;
const times = await runClusterBenchmark({ processes, rows, steps, rounds });
type Round = (typeof times.rounds)[number];
const range = (of: (round: Round) => number): string => {
  const all = times.rounds.map(of);
  return `${median(all).toFixed(2)} (${Math.min(...all).toFixed(2)} to ${Math.max(...all).toFixed(2)})`;
};
console.log(
  `${(times.parameters / 1e6).toFixed(1)} million parameters, ${rows} rows a step, ${rounds} rounds of ${steps} steps; ` +
    `${cpus()[0]?.model ?? 'an unknown processor'}, ${availableParallelism()} threads; load ${before.toFixed(1)} before and ${loadavg()[0]!.toFixed(1)} after`,
);
for (const [name, of] of [
  ['by the clock', ({ clock }: Round) => clock],
  ['of processor time', ({ processor }: Round) => processor],
] as const) {
  console.log(
    `seconds a step ${name}: one process of one thread ${range((round) => of(round).alone)}; ` +
      `${processes} of one thread each ${range((round) => of(round).together)}, without adding up ${range((round) => of(round).silent)}`,
  );
  console.log(
    `  speed-up ${range((round) => of(round).alone / of(round).together)}, wanted 1.7 for two; ` +
      `share of a step that adding up takes ${range((round) => 1 - of(round).silent / of(round).together)}, wanted at most 0.15`,
  );
}
