import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ownMark, type ProcessMark, runsHere } from '../../run-folder/record/session-runs.js';

/** A unit that this process has for itself. */
export interface UnitClaim {
  release(): Promise<void>;
}

/** A unit that another process of this machine has. */
export interface ClaimedElsewhere {
  readonly owner: ProcessMark;
}

/**
 * Takes a unit, so that commands given side by side share the units of an experiment. What a process took that is gone is free
 * again.
 * @param folder the unit's; see {@link UnitFolder}
 */
export async function claimUnit(folder: string): Promise<UnitClaim | ClaimedElsewhere> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'claim.json');
  const own = besides(file);
  await writeFile(own, JSON.stringify(ownMark()));
  try {
    for (;;) {
      // A link appears with its content, and only where nothing is.
      if (await succeeds(link(own, file), 'EEXIST')) return { release: () => rm(file, { force: true }) };
      const owner = await readMark(file);
      if (owner && runsHere(owner)) return { owner };
      // Of those who find it, one moves it away.
      const aside = besides(file);
      if (await succeeds(rename(file, aside), 'ENOENT')) await rm(aside);
    }
  } finally {
    await rm(own);
  }
}

const besides = (file: string) => `${file}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;

async function readMark(file: string): Promise<ProcessMark | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as ProcessMark;
  } catch {
    return undefined; // released meanwhile
  }
}

/** @returns false where it fails with `code` */
async function succeeds(work: Promise<void>, code: string): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === code) return false;
    throw error;
  }
}
