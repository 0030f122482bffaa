import { existsSync } from 'node:fs';
import { EimError } from '@eim/contracts';
import type { RunsContext } from '../context.js';
import { resolveModelPath } from './resolve-model-path.js';

/** Like {@link resolveModelPath}, for what is used at once. @throws EimError `missing-file` where nothing is there */
export function requireModelPath(
  spec: string,
  context: Pick<RunsContext, 'environment' | 'workingFolder'>,
): string {
  const path = resolveModelPath(spec, context);
  if (existsSync(path)) return path;
  throw new EimError({
    code: 'missing-file',
    message: `${path} does not exist.`,
    advice: 'Give a run, a file or folder of weights, or the name of a model that `eim models` lists.',
    data: { path },
  });
}
