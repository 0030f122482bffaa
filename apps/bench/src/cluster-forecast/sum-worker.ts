import { startEngine } from '@eim/engine';
import { joinCluster } from '@eim/engine/node';
import { zeros } from '@tensorflow/tfjs-core';
import { median } from '../engine-step/median.js';

/** One process that adds tensors up with others and prints the medians of the seconds, by the clock and of processor time. Arguments: elements of each tensor, separated by commas; rank; addresses. */
const [elements, rank, ...addresses] = process.argv.slice(2);
const REPEATED = 9;
await startEngine({ engine: 'node', threads: 1 });
const group = await joinCluster({ addresses, rank: Number(rank) });
const seconds: { readonly clock: number; readonly processor: number }[] = [];
for (const size of elements!.split(',').map(Number)) {
  const own = zeros([size]);
  const [clock, processor]: [number[], number[]] = [[], []];
  for (let time = 0; time < REPEATED; time += 1) {
    const [began, used] = [performance.now(), process.cpuUsage()];
    (await group.sum(own)).dispose();
    clock.push((performance.now() - began) / 1000);
    const { user, system } = process.cpuUsage(used);
    processor.push((user + system) / 1e6);
  }
  own.dispose();
  // The first ones find the others.
  seconds.push({ clock: median(clock.slice(2)), processor: median(processor.slice(2)) });
}
console.log(JSON.stringify(seconds));
process.exit(0);
