import type { RunsContext } from '../../context.js';
import { readExperiment } from '../description/read-experiment.js';
import { unitStates } from './sort-records.js';
import type { AnyRecord } from './unit-record.js';

/**
 * The records of an experiment that fit it as it is written now, arm by arm in the order of the file.
 * @param path of the experiment file
 * @throws EimError `invalid-file` where a record cannot be read
 */
export async function experimentRecords(
  path: string,
  options: Pick<RunsContext, 'environment' | 'workingFolder'> = {},
): Promise<readonly AnyRecord[]> {
  const states = await unitStates(await readExperiment(path, options));
  return states.flatMap(({ record }) => (record ? [record] : []));
}
