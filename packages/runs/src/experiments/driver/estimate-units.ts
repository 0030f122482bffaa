import { cpus } from 'node:os';
import { completeContext, type RunsContext } from '../../context.js';
import { EVALUATION_SHARE } from '../../demo/plan-demo.js';
import { unitName } from '../description/arm-config.js';
import { readExperiment } from '../description/read-experiment.js';
import type { UnitEstimate } from '../planning/plan-experiment.js';
import { type UnitState, unitStates } from '../records/sort-records.js';
import { UnitFolder } from '../units/unit-folder.js';
import { inOwnProcess, type RunTask } from './run-task.js';
import { selectUnits, type UnitSelection } from './select-units.js';

/** A unit before it is trained. */
export interface ListedUnit {
  readonly unit: string;
  readonly state: 'done' | 'stale' | 'interrupted' | 'waiting';
  /** Why a record that is there does not fit. */
  readonly reason?: string;
  /** Absent where there is nothing to do. */
  readonly estimate?: UnitEstimate;
  /** Of training and scoring, on this machine. */
  readonly seconds?: number;
}

/**
 * Lists the units of an experiment, what each will cost and how long it will take, from the records of its arm on this machine
 * or else from a few steps. Nothing is trained.
 */
export async function listUnits(
  path: string,
  options: RunsContext &
    UnitSelection & {
      readonly packageUrls: Readonly<Record<string, string>>;
      readonly runTask?: RunTask | undefined;
    },
): Promise<ListedUnit[]> {
  const context = completeContext(options);
  const { runTask = inOwnProcess(options.packageUrls) } = options;
  const experiment = await readExperiment(path, context);
  const all = await unitStates(experiment);
  const states = selectUnits(experiment, all, options);
  const waiting = states.filter(({ record }) => !record);
  const timed = waiting.map(({ unit }) => unit.arm.name).filter((arm) => speedOf(arm, all) === undefined);
  const plan =
    waiting.length === 0
      ? undefined
      : await runTask(
          'plan-experiment',
          {
            file: experiment.file,
            units: waiting.map(({ unit: { arm, seed } }) => ({ arm: arm.name, seed })),
            timed: [...new Set(timed)],
          },
          context,
        );
  return states.map(({ unit, record, stale, configHash }): ListedUnit => {
    if (record) return { unit: unitName(unit), state: 'done' };
    const estimate = plan!.units[waiting.findIndex((state) => state.unit === unit)]!;
    const speed = speedOf(unit.arm.name, all);
    const training = speed === undefined ? estimate.seconds! : speed * estimate.multiplyAdds;
    const begun = new UnitFolder(experiment, unit, configHash, context.environment).isBegun;
    return {
      unit: unitName(unit),
      state: begun ? 'interrupted' : stale === undefined ? 'waiting' : 'stale',
      ...(stale !== undefined && { reason: stale }),
      estimate,
      seconds: training * (1 + EVALUATION_SHARE),
    };
  });
}

/** How much work a unit is, beside the others: seconds where they are known, else multiply-adds. */
export function unitWork(estimate: UnitEstimate, { unit }: UnitState, states: readonly UnitState[]): number {
  const speeds = states
    .map((state) => speedOf(state.unit.arm.name, states))
    .filter((one) => one !== undefined);
  const usual = speeds.length === 0 ? 1 : speeds.reduce((sum, one) => sum + one, 0) / speeds.length;
  return estimate.multiplyAdds * (speedOf(unit.arm.name, states) ?? usual);
}

/** Seconds a multiply-add that an arm took on a processor like this one. */
function speedOf(arm: string, states: readonly UnitState[]): number | undefined {
  const here = cpus()[0]?.model.trim();
  const { record } =
    states.find((state) => state.unit.arm.name === arm && state.record?.machine.processor === here) ?? {};
  if (!record) return undefined;
  const { seconds, multiplyAdds } = record.training;
  return seconds / (multiplyAdds.training + multiplyAdds.encoding);
}
