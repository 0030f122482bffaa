import type { CompleteContext } from '../../context.js';
import { unitName } from '../description/arm-config.js';
import type { Experiment } from '../description/read-experiment.js';
import { readUnitRecord } from '../records/record-files.js';
import type { UnitState } from '../records/sort-records.js';
import { claimUnit } from '../units/unit-claim.js';
import { UnitFolder } from '../units/unit-folder.js';
import type { RunTask } from './run-task.js';

/**
 * Trains a unit, unless another command does or did so.
 * @param since when this command looked which units have records
 * @returns `skipped` where a record was written since then, `elsewhere` where another process trains it now
 */
export async function trainUnclaimed(
  experiment: Experiment,
  { unit, configHash }: UnitState,
  since: Date,
  runTask: RunTask,
  context: CompleteContext,
): Promise<'trained' | 'skipped' | 'elsewhere'> {
  const { path } = new UnitFolder(experiment, unit, configHash, context.environment);
  const claim = await claimUnit(path);
  if ('owner' in claim) {
    context.onNote(`${unitName(unit)} is left to process ${claim.owner.process.id}, which trains it.`);
    return 'elsewhere';
  }
  try {
    const record = await readUnitRecord(experiment, unit);
    if (record?.configHash === configHash && new Date(record.endedAt) > since) return 'skipped';
    const { arm, seed } = unit;
    await runTask('run-unit', { file: experiment.file, arm: arm.name, seed, configHash }, context);
    return 'trained';
  } finally {
    await claim.release();
  }
}
