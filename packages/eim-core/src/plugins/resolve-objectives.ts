import type { ModelPluginManifest } from '@eim/contracts/model';
import type { Plan } from '../plan/plan-schema.js';
import { CONTRASTIVE, contrastiveEntry } from '../training/objectives/contrastive-entry.js';
import { rewardsNamedBy } from '../training/objectives/self-critical/reward-use.js';
import {
  type RewardEntry,
  SELF_CRITICAL,
  selfCriticalEntry,
} from '../training/objectives/self-critical/self-critical-entry.js';
import type { PartUse } from './create-part.js';
import { type OpenTextSideOptions, textSideOf } from './open-text-side.js';
import { type PluginLoader, resolvePlugin } from './resolve-plugin.js';

type ObjectiveEntry = NonNullable<ModelPluginManifest['objectives']>[string];

export interface ResolveObjectivesOptions extends Omit<OpenTextSideOptions, 'loadPlugin'> {
  /** The config's encoder, whose published weights may hold the text tower that `contrastive` asks for. */
  readonly encoder: PartUse;
}

/**
 * Finds the objectives of a plan that come from packages (`@acme/package`, `package/name`), by `use`, in the form that
 * `trainPlan` takes. Names without a slash are built into core; `self-critical` comes with the rewards that it names,
 * and `contrastive` with the text tower that was published with the encoder.
 * @param published absent: `textSide: encoder` is refused
 * @throws EimError as `resolvePlugin`
 * @example
 * const objectives = await resolveObjectives(plan, loadPlugin);
 * await trainPlan({ ...options, plan, objectives });
 */
export async function resolveObjectives(
  { segments }: Plan,
  loadPlugin: PluginLoader,
  published?: ResolveObjectivesOptions,
): Promise<Readonly<Record<string, ObjectiveEntry>>> {
  const named = segments.flatMap(({ objective }) => [objective, ...(objective.auxiliary ?? [])]);
  const uses = new Set(named.map(({ use }) => use).filter((use) => use.includes('/')));
  const entries: Record<string, ObjectiveEntry> = {};
  if (published) {
    const { encoder, ...open } = published;
    entries[CONTRASTIVE] = contrastiveEntry(() => textSideOf(encoder, { ...open, loadPlugin }));
  }
  for (const use of uses) entries[use] = (await resolvePlugin(use, 'objectives', loadPlugin)).entry;
  const selfCritical = named.filter(({ use }) => use === SELF_CRITICAL);
  if (selfCritical.length === 0) return entries;
  const rewards: Record<string, RewardEntry> = {};
  for (const { use, preset } of rewardsNamedBy(selfCritical.map(({ options }) => options)))
    rewards[use] = (await resolvePlugin(use, 'rewards', loadPlugin, preset)).entry;
  return { ...entries, [SELF_CRITICAL]: selfCriticalEntry(rewards) };
}
