import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const HASH = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * The git commit that this program's repository has checked out. An installed package, which may lie in the repository of
 * something else, has none. Changes that were not committed do not show.
 */
export function programCommit(): string | undefined {
  const here = realpathSync(dirname(fileURLToPath(import.meta.url)));
  return here.split(sep).includes('node_modules') ? undefined : checkedOutCommit(here);
}

/**
 * The commit that the working tree around a folder has checked out, read from git's files alone.
 * @returns undefined outside of a repository, before its first commit, and where git keeps its references in another way
 */
export function checkedOutCommit(folder: string): string | undefined {
  const gitFolder = findGitFolder(folder);
  if (gitFolder === undefined) return undefined;
  const head = read(join(gitFolder, 'HEAD'));
  const reference = head?.match(/^ref: (.+)$/)?.[1];
  const commit = reference === undefined ? head : commitOf(reference, gitFolder);
  return commit !== undefined && HASH.test(commit) ? commit : undefined;
}

/** `.git` is a folder, or in a work tree or submodule a file that names one. */
function findGitFolder(folder: string): string | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const git = join(at, '.git');
    if (existsSync(git)) {
      if (statSync(git).isDirectory()) return git;
      const named = read(git)?.match(/^gitdir: (.+)$/)?.[1];
      return named === undefined ? undefined : resolve(at, named);
    }
    if (dirname(at) === at) return undefined;
  }
}

/** The commit of a reference: in a file of its own, or among the packed ones. Work trees share those of their repository. */
function commitOf(reference: string, gitFolder: string): string | undefined {
  const common = read(join(gitFolder, 'commondir'));
  for (const folder of common === undefined ? [gitFolder] : [gitFolder, resolve(gitFolder, common)]) {
    const loose = read(join(folder, reference));
    if (loose !== undefined) return loose;
    const packed = read(join(folder, 'packed-refs'))
      ?.split('\n')
      .find((line) => line.endsWith(` ${reference}`));
    if (packed !== undefined) return packed.split(' ')[0];
  }
  return undefined;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined; // not there, or not ours to read: no commit is told then
  }
}
