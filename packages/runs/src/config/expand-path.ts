import { resolve } from 'node:path';
import { EimError } from '@eim/contracts';
import type { Environment } from '../context.js';
import { resolveModelPath } from '../models/resolve-model-path.js';

/**
 * Makes a path of a config absolute: `${NAME}` and `${NAME:-default}` are environment variables, and relative paths start
 * from `folder`.
 * @throws EimError `invalid-config` for a variable that is not set and has no default
 */
export function expandPath(path: string, folder: string, environment: Environment): string {
  return resolve(folder, expandVariables(path, environment));
}

/** Like {@link expandPath}, for published weights, which the name of a model that was pulled may stand for. */
export function expandModelPath(path: string, folder: string, environment: Environment): string {
  return resolveModelPath(expandVariables(path, environment), { environment, workingFolder: folder });
}

function expandVariables(path: string, environment: Environment): string {
  return path.replace(/\$\{(\w+)(?::-([^}]*))?\}/g, (whole, name: string, fallback?: string) => {
    const value = environment[name] || fallback;
    if (value !== undefined) return value;
    throw new EimError({
      code: 'invalid-config',
      message: `The path ${path} needs the environment variable ${name}, which is not set.`,
      advice: `Set it, or write the path in place of ${whole}.`,
      data: { path, variable: name },
    });
  });
}
