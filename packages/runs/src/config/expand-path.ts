import { resolve } from 'node:path';
import { EimError } from '@eim/contracts';

/**
 * Makes a path of a config absolute: `${NAME}` and `${NAME:-default}` are environment variables, and relative paths start
 * from `folder`.
 * @throws EimError `invalid-config` for a variable that is not set and has no default
 */
export function expandPath(
  path: string,
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const expanded = path.replace(/\$\{(\w+)(?::-([^}]*))?\}/g, (whole, name: string, fallback?: string) => {
    const value = environment[name] || fallback;
    if (value !== undefined) return value;
    throw new EimError({
      code: 'invalid-config',
      message: `The path ${path} needs the environment variable ${name}, which is not set.`,
      advice: `Set it, or write the path in place of ${whole}.`,
      data: { path, variable: name },
    });
  });
  return resolve(folder, expanded);
}
