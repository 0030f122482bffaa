import { hostname } from 'node:os';
import { basename } from 'node:path';
import { EimError } from '@eim/contracts';
import { latestCheckpoint } from '@eim/core/node';
import { VERSION } from '../../version.js';
import type { RunFolder } from '../run-folder.js';
import { readEnvironment, updateEnvironment } from './environment-file.js';
import type { RunSession } from './environment-record.js';
import { programCommit } from './program-commit.js';

/** Does the work of one session of a run, and records in its `env.json` when it began and how it ended. */
export async function withRunSession<Result>(
  folder: RunFolder,
  { resume }: { readonly resume: boolean },
  work: () => Promise<Result>,
): Promise<Result> {
  const commit = programCommit();
  const session: RunSession = {
    startedAt: new Date().toISOString(),
    eim: VERSION,
    ...(commit !== undefined && { commit }),
    process: { id: process.pid, host: hostname() },
    ...(resume && (await resumedFrom(folder))),
  };
  const earlier = (await readEnvironment(folder))?.sessions ?? [];
  const record = (ended?: Pick<NonNullable<RunSession['ended']>, 'how' | 'message'>) =>
    updateEnvironment(folder, {
      sessions: [
        ...earlier,
        ended ? { ...session, ended: { at: new Date().toISOString(), ...ended } } : session,
      ],
    });
  await record();
  try {
    const result = await work();
    await record({ how: 'finished' });
    return result;
  } catch (error) {
    const interrupted = EimError.isInstance(error) && error.code === 'interrupted';
    const message = error instanceof Error ? error.message : String(error);
    // What the work failed of matters more than that this cannot be recorded.
    await record(interrupted ? { how: 'interrupted' } : { how: 'failed', message }).catch(() => undefined);
    throw error;
  }
}

async function resumedFrom(folder: RunFolder): Promise<Pick<RunSession, 'from'>> {
  const latest = await latestCheckpoint(folder.checkpointFolder);
  if (!latest) return {};
  const { state, files, path } = latest;
  return {
    from: {
      checkpoint: basename(path),
      segment: state.segmentName ?? null,
      step: state.totalSteps,
      sha256: files['model.safetensors'] ?? null,
    },
  };
}
