import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Folders of installs under way: this, the process's number, a dash. */
export const STAGING = '.installing-';

/** Removes what killed installs left behind; those of running processes stay. */
export function removeLeftovers(engines: string, note: (text: string) => void): void {
  for (const name of readdirSync(engines)) {
    if (!name.startsWith(STAGING)) continue;
    const id = Number(name.slice(STAGING.length).split('-')[0]);
    if (id !== process.pid && isRunning(id)) continue;
    note(`Removing what an unfinished install left in ${join(engines, name)} ...`);
    rmSync(join(engines, name), { recursive: true, force: true });
  }
}

function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
