import { argumentError } from '../../arguments/argument-error.js';
import { itemsOfShard, readShard } from '../../benchmarking/shard.js';
import type { Experiment } from '../description/read-experiment.js';
import type { UnitState } from '../records/sort-records.js';

/** Which units of an experiment are meant. */
export interface UnitSelection {
  /** Names of arms. Absent: all. */
  readonly only?: readonly string[] | undefined;
  /** Absent: all of the experiment. */
  readonly seeds?: readonly number[] | undefined;
  /** `i/n`: of these, every n-th from the i-th on, for machines that share an experiment. Absent: all. */
  readonly shard?: string | undefined;
}

/** @throws EimError `invalid-argument` for an arm or a seed that the experiment does not have, and for a shard that is none */
export function selectUnits(
  experiment: Experiment,
  states: readonly UnitState[],
  { only, seeds, shard }: UnitSelection,
): UnitState[] {
  const names = experiment.arms.map(({ name }) => name);
  const strange = only?.find((name) => !names.includes(name));
  if (strange !== undefined)
    throw argumentError(`${experiment.name} has no arm "${strange}".`, `Its arms are ${names.join(', ')}.`);
  const unknown = seeds?.find((seed) => !experiment.seeds.includes(seed));
  if (unknown !== undefined)
    throw argumentError(
      `${experiment.name} has no seed ${unknown}.`,
      `Its seeds are ${experiment.seeds.join(', ')}; the list is in ${experiment.file}.`,
    );
  const selected = states.filter(
    ({ unit }) =>
      (only === undefined || only.includes(unit.arm.name)) &&
      (seeds === undefined || seeds.includes(unit.seed)),
  );
  return shard === undefined ? selected : itemsOfShard(selected, readShard(shard));
}
