import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { isAlive } from '../../run-folder/record/is-alive.js';

/** Milliseconds after which work that nobody goes on with counts as left behind, whoever began it. */
const LEFT_BEHIND = 10 * 60_000;

const SUFFIX = '.partial';
/** The number of no process: work that was put down in order. */
const NOBODY = 0;

/**
 * A folder beside something that is being fetched, for this process alone: its name tells whose it is, so that two of them
 * never write into one. What a process that has ended left behind is taken over, by a rename, which only one can win.
 */
export class WorkFolder {
  private constructor(
    readonly target: string,
    readonly path: string,
  ) {}

  /** The folder for what is to become `target`, with what was fetched of it before, if anything was. */
  static async claim(target: string): Promise<WorkFolder> {
    const own = join(dirname(target), nameFor(target, process.pid));
    await mkdir(dirname(target), { recursive: true });
    const [best, ...others] = await leftBehind(target);
    // Lost to another process, or nothing there: begin anew.
    const taken =
      best !== undefined &&
      (await rename(best, own).then(
        () => true,
        () => false,
      ));
    if (!taken) await mkdir(own);
    for (const other of others) await rm(other, { recursive: true, force: true });
    return new WorkFolder(target, own);
  }

  /** What is being downloaded. */
  get data(): string {
    return join(this.path, 'data');
  }

  /** What is known of {@link data}, to go on with it. */
  get about(): string {
    return join(this.path, 'about.json');
  }

  /** A folder for what is made of the data. */
  get built(): string {
    return join(this.path, 'built');
  }

  /** Puts the work down for whoever goes on with it; deletes it where nothing was fetched. */
  async release(): Promise<void> {
    const fetched = await stat(this.data).catch(() => undefined);
    if (!fetched?.size) return await this.remove();
    await rm(this.built, { recursive: true, force: true });
    await rename(this.path, join(dirname(this.target), nameFor(this.target, NOBODY)));
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

/** Deletes what was fetched of `target` and left behind. @returns how many bytes that were */
export async function discardWork(target: string): Promise<number> {
  let bytes = 0;
  for (const folder of await leftBehind(target)) {
    bytes += await dataSize(folder);
    await rm(folder, { recursive: true, force: true });
  }
  return bytes;
}

function nameFor(target: string, pid: number): string {
  return `.${basename(target)}.${hostname()}-${pid}-${randomBytes(4).toString('hex')}${SUFFIX}`;
}

/** Folders of processes that have ended, the one with the most data first. */
async function leftBehind(target: string): Promise<string[]> {
  const folder = dirname(target);
  if (!existsSync(folder)) return [];
  const prefix = `.${basename(target)}.`;
  const found: { path: string; size: number }[] = [];
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix) || !name.endsWith(SUFFIX)) continue;
    const owner = /^(.*)-(\d+)-[0-9a-f]{8}$/.exec(name.slice(prefix.length, -SUFFIX.length));
    if (!owner) continue;
    const path = join(folder, name);
    if (await isWorkedOn(path, owner[1]!, Number(owner[2]))) continue;
    found.push({ path, size: await dataSize(path) });
  }
  return found.sort((one, other) => other.size - one.size).map(({ path }) => path);
}

async function dataSize(folder: string): Promise<number> {
  return (await stat(join(folder, 'data')).catch(() => undefined))?.size ?? 0;
}

async function isWorkedOn(folder: string, host: string, pid: number): Promise<boolean> {
  if (pid === NOBODY) return false;
  if (host === hostname() && !isAlive(pid)) return false;
  const data = await stat(join(folder, 'data')).catch(() => stat(folder).catch(() => undefined));
  return data !== undefined && Date.now() - data.mtimeMs < LEFT_BEHIND;
}
