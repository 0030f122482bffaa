import type { RunFolder } from '../run-folder.js';
import type { EnvironmentRecord } from './environment-record.js';

/** Changes fields of a run's `env.json`. Other fields stay. */
export async function updateEnvironment(
  folder: RunFolder,
  fields: Partial<EnvironmentRecord>,
): Promise<void> {
  await folder.writeJson('env.json', { ...(await readEnvironment(folder)), ...fields });
}

export async function readEnvironment(folder: RunFolder): Promise<EnvironmentRecord | undefined> {
  return (await folder.readJson('env.json')) as EnvironmentRecord | undefined;
}
