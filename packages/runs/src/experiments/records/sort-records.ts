import { type Unit, unitName } from '../description/arm-config.js';
import { configHash } from '../description/config-hash.js';
import type { Experiment } from '../description/read-experiment.js';
import { readUnitRecord } from './record-files.js';
import type { AnyRecord } from './unit-record.js';

/** A unit and what became of it so far. */
export interface UnitState {
  readonly unit: Unit;
  /** The hash that its record has to have. */
  readonly configHash: string;
  /** The record, if it fits. */
  readonly record?: AnyRecord;
  /** Why the record that is there does not fit. */
  readonly stale?: string;
}

/** Every unit of an experiment, all arms of the first seed first, so that arms can be compared early. */
export function unitsOf({ arms, seeds }: Experiment): Unit[] {
  return seeds.flatMap((seed) => arms.map((arm) => ({ arm, seed })));
}

/** Which units have a record that fits the experiment as it is written now. */
export async function unitStates(experiment: Experiment): Promise<UnitState[]> {
  const states = await Promise.all(
    unitsOf(experiment).map(async (unit): Promise<UnitState> => {
      const hash = await configHash(experiment, unit);
      const record = await readUnitRecord(experiment, unit);
      if (!record) return { unit, configHash: hash };
      if (record.configHash === hash) return { unit, configHash: hash, record };
      return { unit, configHash: hash, stale: 'made from another config' };
    }),
  );
  return states.map((state) => withSameData(state, states));
}

/** Of an arm's records, those over other data than its newest one do not fit. */
function withSameData(state: UnitState, states: readonly UnitState[]): UnitState {
  const { record, ...rest } = state;
  if (!record) return state;
  const ofArm = states.flatMap((other) =>
    other.record && other.unit.arm === state.unit.arm ? [other.record] : [],
  );
  const newest = ofArm.reduce((best, other) => (other.endedAt > best.endedAt ? other : best));
  if (newest.dataHash === record.dataHash) return state;
  return { ...rest, stale: `made from other data than ${unitName(newestUnit(newest))}` };
}

const newestUnit = ({ arm, seed }: AnyRecord) => ({ arm: { name: arm }, seed });
