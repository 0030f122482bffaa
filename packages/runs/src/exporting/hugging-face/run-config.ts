import { basename, isAbsolute } from 'node:path';
import { ConfigSource } from '../../config/config-source.js';
import type { RunFolder } from '../../run-folder/run-folder.js';

/** Data and plan of a run's config as a reader elsewhere is shown them: of paths on this machine their last part. */
export async function runConfigOf(
  folder: RunFolder,
): Promise<{ readonly data: unknown; readonly plan: unknown }> {
  const config = (await ConfigSource.read(folder.configFile)).toValue() as Record<string, unknown>;
  return { data: withoutPlaces(config.data), plan: withoutPlaces(config.plan) };
}

function withoutPlaces(value: unknown): unknown {
  if (typeof value === 'string') return isAbsolute(value) ? basename(value) : value;
  if (Array.isArray(value)) return value.map(withoutPlaces);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutPlaces(each)]));
}
