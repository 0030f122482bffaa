import { EimError } from '@eim/contracts';
import type { RunFolder } from '../run-folder.js';
import { readEnvironment } from './environment-file.js';
import { runsHere } from './session-runs.js';

/**
 * Two processes that trained into one folder would mix their checkpoints.
 * @throws EimError `invalid-argument` where another process of this machine trains the run
 */
export async function refuseRunning(folder: RunFolder): Promise<void> {
  const session = (await readEnvironment(folder))?.sessions?.at(-1);
  if (!session || session.ended || session.process.id === process.pid || !runsHere(session)) return;
  const { process: other, startedAt } = session;
  throw new EimError({
    code: 'invalid-argument',
    message: `${folder.path} is being trained by process ${other.id}, since ${startedAt}.`,
    advice: 'Wait for its end, or stop it with Ctrl-C first.',
    data: { folder: folder.path, process: other, startedAt },
  });
}
