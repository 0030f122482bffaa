import { join } from 'node:path';

/** `runs/<name>-<date>-<time>`, by the local clock. */
export function defaultRunFolder(workingFolder: string, name: string, now = new Date()): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  return join(workingFolder, 'runs', `${name}-${day}-${time}`);
}
