import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { EimError } from '@eim/contracts';
import { suggest } from '../arguments/suggest.js';
import type { Environment, RunsContext } from '../context.js';
import { CATALOGUE } from './catalogue/catalogue.js';
import { findCachedSnapshot } from './hub/cached-snapshot.js';
import { hubCache } from './hub/hub-settings.js';
import { findInstallation } from './installed/manifest.js';
import { hasSourcePrefix, type NamedModel, readModelName } from './model-name.js';

/**
 * The path for something that may be a path or the name of a model. What exists as a path is one; a name stands for the
 * model that was pulled, or that lies whole in the hub's cache. Nothing is fetched. Other texts become absolute paths.
 * @throws EimError `missing-file` for a model that is not on this machine, and for a path that does not exist but resembles
 * a name
 *
 * @example
 * resolveModelPath('smollm2-135m-instruct', { environment: process.env }); // '/home/ada/.cache/eim/models/...'
 * resolveModelPath('weights/gpt2', { workingFolder: '/project' }); // '/project/weights/gpt2'
 */
export function resolveModelPath(
  spec: string,
  {
    environment = {},
    workingFolder = process.cwd(),
  }: Pick<RunsContext, 'environment' | 'workingFolder'> = {},
): string {
  const path = resolve(workingFolder, spec);
  if (!hasSourcePrefix(spec) && existsSync(path)) return path;
  const named = readModelName(spec);
  if (named) return pathOf(named, path, environment);
  const meant = /[\\/.]/.test(spec)
    ? undefined
    : suggest(
        spec,
        CATALOGUE.map(({ name }) => name),
      );
  if (meant === undefined || existsSync(path)) return path;
  throw new EimError({
    code: 'missing-file',
    message: `${path} does not exist, and there is no model "${spec}".`,
    advice: `Did you mean ${meant}?`,
    data: { path },
  });
}

/** Like {@link resolveModelPath}, for files that are named together with commas between them. */
export function resolveModelPaths(
  specs: string,
  options: Pick<RunsContext, 'environment' | 'workingFolder'> = {},
): string {
  return specs
    .split(',')
    .map((spec) => resolveModelPath(spec, options))
    .join(',');
}

function pathOf(named: NamedModel, path: string, environment: Environment): string {
  const { name, source, folderName } = named;
  const installation = findInstallation(folderName, environment);
  if (installation && installation.fault === undefined) return installation.path;
  const cached = source.kind === 'hub' ? findCachedSnapshot(source, hubCache(environment)) : undefined;
  if (cached) return cached.path;
  throw new EimError({
    code: 'missing-file',
    message: installation
      ? `The model ${name} is damaged: ${installation.fault}.`
      : `The model ${name} is not on this machine${hasSourcePrefix(name) ? '' : `, and ${path} does not exist`}.`,
    advice: `Run \`eim pull ${name}\`.`,
    data: { name },
  });
}
