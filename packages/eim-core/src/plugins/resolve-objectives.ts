import type { ModelPluginManifest } from '@eim/contracts/model';
import type { Plan } from '../plan/plan-schema.js';
import { type PluginLoader, resolvePlugin } from './resolve-plugin.js';

type ObjectiveEntry = NonNullable<ModelPluginManifest['objectives']>[string];

/**
 * The objectives of a plan that packages bring (`@acme/package`, `package/name`), by `use`, as `trainPlan` takes
 * them. Names without a slash are the core's own.
 * @throws EimError as `resolvePlugin`
 */
export async function resolveObjectives(
  { segments }: Plan,
  loadPlugin: PluginLoader,
): Promise<Readonly<Record<string, ObjectiveEntry>>> {
  const uses = new Set(segments.map(({ objective }) => objective.use).filter((use) => use.includes('/')));
  const entries: Record<string, ObjectiveEntry> = {};
  for (const use of uses) entries[use] = (await resolvePlugin(use, 'objectives', loadPlugin)).entry;
  return entries;
}
