import { EimError } from '@eim/contracts';
import { type Config, readConfig } from '../config/read-config.js';
import type { CompleteContext } from '../context.js';
import { unfinishedRun } from '../model/load-run-model.js';
import type { EnvironmentRecord } from '../run-folder/record/environment-record.js';
import { RunFolder } from '../run-folder/run-folder.js';
import type { RunResult } from '../training/train-model.js';

/** What a comparison needs of a finished run. */
export interface TrainedRun {
  /** Name in tables and charts, different for each run of a comparison. */
  readonly name: string;
  readonly folder: RunFolder;
  readonly config: Config;
  readonly environment: EnvironmentRecord;
  /** Notes that its training left. */
  readonly notes: readonly string[];
}

/** @throws EimError `missing-file` where the folder holds no run, or one that has not ended */
export async function openTrainedRun(path: string, context: CompleteContext): Promise<TrainedRun> {
  const folder = RunFolder.open(path);
  const { config } = await readConfig(folder.configFile, context);
  const result = (await folder.readJson('result.json')) as RunResult | undefined;
  if (!result) throw unfinishedRun(folder);
  const environment = (await folder.readJson('env.json')) as EnvironmentRecord | undefined;
  if (!environment) {
    throw new EimError({
      code: 'missing-file',
      message: `${folder.path} has no env.json.`,
      advice: 'Copy the whole run folder.',
      data: { folder: folder.path },
    });
  }
  return { name: config.name, folder, config, environment, notes: result.notes };
}

/** Two runs of one config would share its name, so their folders' names are used. */
export function withOwnNames([first, second]: readonly [TrainedRun, TrainedRun]): [TrainedRun, TrainedRun] {
  if (first.name !== second.name) return [first, second];
  if (first.folder.path === second.folder.path) {
    throw new EimError({
      code: 'invalid-argument',
      message: `Both runs are ${first.folder.path}.`,
      advice: 'Give two different runs.',
      data: { folder: first.folder.path },
    });
  }
  const [left, right] = [first, second].map(({ folder }) => folder.path.split(/[\\/]/)) as [
    string[],
    string[],
  ];
  let kept = 1;
  while (left.slice(-kept).join('/') === right.slice(-kept).join('/')) kept++;
  return [
    { ...first, name: left.slice(-kept).join('/') },
    { ...second, name: right.slice(-kept).join('/') },
  ];
}
