import { isAbsolute, relative } from 'node:path';

/** A path as a person would type it: from the working folder where it lies in it, else whole. */
export function shownPath(path: string, workingFolder: string): string {
  const inside = relative(workingFolder, path);
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? path : inside;
}
