import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { VERSION } from '../../version.js';
import type { CodeVersion } from '../records/unit-record.js';

const run = promisify(execFile);

/**
 * The version of this package and, where a folder is under git, the commit that it is at and whether its files differ from it.
 * @param apart a folder whose files do not count
 */
export async function codeVersion(folder: string, apart: string): Promise<CodeVersion> {
  try {
    const git = (...words: string[]) => run('git', ['-C', folder, ...words]);
    const { stdout: commit } = await git('rev-parse', 'HEAD');
    const { stdout: top } = await git('rev-parse', '--show-toplevel');
    const inside = apart.startsWith(top.trim());
    const changes = await git(
      ...['status', '--porcelain', '--untracked-files=no', '--', ':/'],
      ...(inside ? [`:(exclude,top)${apart.slice(top.trim().length + 1)}`] : []),
    );
    return { version: VERSION, commit: commit.trim(), modified: changes.stdout.trim() !== '' };
  } catch {
    return { version: VERSION }; // no git, or nothing under it
  }
}
