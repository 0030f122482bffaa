import type { TrainingGroup } from '@eim/core/training';
import { startEngine } from '@eim/engine';
import { joinCluster } from '@eim/engine/node';
import { clone } from '@tensorflow/tfjs-core';
import { trainLanguage } from './language-run.js';

/** One process of a run: trains and prints how long its steps took. Arguments: rows, steps, how it adds up, rank and addresses of all. */
const [rows, steps, adding, rank, ...addresses] = process.argv.slice(2);
await startEngine({ engine: 'node', threads: 1 });
const group = addresses.length > 1 ? await joinCluster({ addresses, rank: Number(rank) }) : undefined;

/** A group whose steps do everything but add up. */
function silent(all: TrainingGroup): TrainingGroup {
  return {
    rank: all.rank,
    size: all.size,
    sum: (tensor) => all.sum(tensor),
    gather: (tensor) => all.gather(tensor),
    fromFirst: (tensor) => all.fromFirst(tensor),
    sumInStep: (tensor) => clone(tensor),
    explain: (cause) => cause,
  };
}

const used = group && adding === 'silent' ? silent(group) : group;
console.log(JSON.stringify(await trainLanguage(Number(rows), Number(steps), used)));
process.exit(0);
