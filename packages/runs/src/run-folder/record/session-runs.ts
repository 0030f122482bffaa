import { hostname } from 'node:os';
import type { RunSession } from './environment-record.js';
import { isAlive } from './is-alive.js';
import { processStart } from './process-start.js';

/** How much later than its record a process may seem to have begun: clocks tick roughly. */
const TOLERANCE_MILLISECONDS = 2000;

/** What tells a process: its number, the name of its machine, and when it was running. */
export type ProcessMark = Pick<RunSession, 'process' | 'startedAt'>;

/** The mark of this process. */
export function ownMark(): ProcessMark {
  return { process: { id: process.pid, host: hostname() }, startedAt: new Date().toISOString() };
}

/** Whether a process of this machine still runs. Of another machine's nobody here can tell, so it does not. */
export function runsHere({ process: { id, host }, startedAt }: ProcessMark): boolean {
  if (host !== hostname() || !isAlive(id)) return false;
  const began = processStart(id);
  // A process that began later has the number of one that is gone.
  return began === undefined || began <= Date.parse(startedAt) + TOLERANCE_MILLISECONDS;
}
