import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { writeFileAtomically } from '@eim/weights/node';
import { discardWork } from '../download/work-folder.js';
import type { HubSource } from '../model-source.js';

const COMMIT = /^[0-9a-f]{40}$/;

/**
 * One repository in the cache that Python's `huggingface_hub` lays out: `blobs/` with files by their hashes, `snapshots/`
 * with a folder of links for each commit, and `refs/` with the commit of each branch.
 */
export class HubCache {
  readonly folder: string;

  constructor(
    cache: string,
    private readonly source: HubSource,
  ) {
    this.folder = join(cache, `models--${source.repository.split('/').join('--')}`);
  }

  blob(hash: string): string {
    return join(this.folder, 'blobs', hash);
  }

  snapshot(commit: string): string {
    return join(this.folder, 'snapshots', commit);
  }

  /** The commit that the cache has for the revision; undefined where it has none. */
  knownCommit(): string | undefined {
    const { revision = 'main' } = this.source;
    if (COMMIT.test(revision)) return existsSync(this.snapshot(revision)) ? revision : undefined;
    const file = this.#ref(revision);
    const commit = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
    return COMMIT.test(commit) ? commit : undefined;
  }

  /** Paths of the files of a commit that are there, with `/` between folders. */
  filesOf(commit: string): readonly string[] {
    const folder = this.snapshot(commit);
    if (!existsSync(folder)) return [];
    return (readdirSync(folder, { recursive: true }) as string[])
      .filter((path) => statSync(join(folder, path), { throwIfNoEntry: false })?.isFile())
      .map((path) => path.replaceAll('\\', '/'))
      .sort();
  }

  /** Puts a link to a blob into a snapshot; on systems without links, the file itself. */
  async link(commit: string, path: string, hash: string): Promise<void> {
    const place = join(this.snapshot(commit), ...path.split('/'));
    await mkdir(dirname(place), { recursive: true });
    if (existsSync(place)) return;
    await rm(place, { force: true }); // a link to a blob that is gone
    try {
      await symlink(relative(dirname(place), this.blob(hash)), place);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') return; // another process was faster
      if (code !== 'EPERM' && code !== 'ENOSYS' && code !== 'ENOTSUP') throw error;
      await rename(this.blob(hash), place);
    }
  }

  /** Says which commit the revision stands for. */
  async remember(commit: string): Promise<void> {
    const { revision = 'main' } = this.source;
    if (COMMIT.test(revision)) return;
    const file = this.#ref(revision);
    await mkdir(dirname(file), { recursive: true });
    await writeFileAtomically(file, commit);
  }

  /** Deletes what unfinished pulls left. @returns how many bytes that were */
  async discardWork(): Promise<number> {
    const folder = join(this.folder, 'blobs');
    const names = existsSync(folder) ? readdirSync(folder) : [];
    const hashes = names.flatMap((name) => /^\.([0-9a-f]+)\./.exec(name)?.[1] ?? []);
    let bytes = 0;
    for (const hash of new Set(hashes)) bytes += await discardWork(this.blob(hash));
    return bytes;
  }

  /** Deletes the snapshot of a commit, the blobs that no other one shares, and what refers to it. */
  async remove(commit: string): Promise<void> {
    const folder = this.snapshot(commit);
    const own = await this.#blobsOf(commit);
    await rm(folder, { recursive: true, force: true });
    for (const other of this.#commits()) for (const blob of await this.#blobsOf(other)) own.delete(blob);
    for (const blob of own) await rm(blob, { force: true });
    const refs = join(this.folder, 'refs');
    for (const name of existsSync(refs) ? (readdirSync(refs, { recursive: true }) as string[]) : []) {
      const file = join(refs, name);
      if (statSync(file).isFile() && readFileSync(file, 'utf8').trim() === commit) await rm(file);
    }
    if (this.#commits().length === 0) await rm(this.folder, { recursive: true, force: true });
  }

  #ref(revision: string): string {
    return join(this.folder, 'refs', ...revision.split('/'));
  }

  #commits(): readonly string[] {
    const folder = join(this.folder, 'snapshots');
    return existsSync(folder) ? readdirSync(folder) : [];
  }

  async #blobsOf(commit: string): Promise<Set<string>> {
    const folder = this.snapshot(commit);
    const blobs = new Set<string>();
    for (const path of existsSync(folder) ? (readdirSync(folder, { recursive: true }) as string[]) : []) {
      const target = await readlink(join(folder, path)).catch(() => undefined);
      if (target !== undefined) blobs.add(join(dirname(join(folder, path)), target));
    }
    return blobs;
  }
}
