import type { Ancestor, RunSummary } from '@eim/runs';
import { shownPath } from './shown-path.js';

/** What the parts of a run started from, one line for each, and below it what that started from in turn. */
export function lineageLines({ folder, parents }: RunSummary, workingFolder: string): string[] {
  if (parents.length === 0) return [];
  return [`${shownPath(folder, workingFolder)} comes from`, ...ancestorLines(parents, workingFolder, '  ')];
}

function ancestorLines(parents: readonly Ancestor[], workingFolder: string, indent: string): string[] {
  return parents.flatMap((parent) => {
    const { part, run, file, sha256, state, foundIn } = parent;
    const told = {
      same: '',
      changed: ': its file is no longer the one that was used',
      gone: ': it is gone',
    }[state];
    const found = foundIn === undefined ? '' : `, which is in ${shownPath(foundIn, workingFolder)}`;
    const path = shownPath(run ?? file, workingFolder);
    const line = `${indent}${part} of ${path} (${sha256.slice(0, 12)})${told}${found}`;
    return [line, ...ancestorLines(parent.parents, workingFolder, `${indent}  `)];
  });
}
