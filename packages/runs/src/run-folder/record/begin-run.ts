import type { EngineInfo } from '@eim/engine';
import { stringify } from 'yaml';
import type { Config } from '../../config/read-config.js';
import { RunFolder } from '../run-folder.js';
import { environmentRecord } from './environment-record.js';
import { hashConfig } from './hash-config.js';
import { findParents } from './parent-models.js';

/**
 * Makes the folder of a new run, with its config and the record of what it is made with and comes from.
 * @throws EimError `invalid-argument` where the folder holds something already
 */
export async function beginRun(path: string, config: Config, engine: EngineInfo): Promise<RunFolder> {
  const parents = await findParents(config.model);
  const folder = await RunFolder.create(path);
  // A resumed run must use the same engine.
  const yaml = stringify({ ...config, engine: engine.name });
  await folder.writeJson('env.json', {
    ...environmentRecord(engine),
    configHash: await hashConfig(yaml),
    parents,
  });
  // Last, as it makes the folder a run that can be resumed.
  await folder.writeText('config.yaml', yaml);
  return folder;
}
