import { EimError, type PluginEntry, type Reward, type RewardContext } from '@eim/contracts';
import { resolveOptions } from '../../../plugins/resolve-options.js';
import type { ObjectiveEntry } from '../../run/train-options.js';
import { rewardUse } from './reward-use.js';
import {
  createSelfCriticalObjective,
  type SelfCriticalOptions,
  selfCriticalOptionsSchema,
} from './self-critical-objective.js';

/** The name under which plans ask for it. */
export const SELF_CRITICAL = 'self-critical';

// biome-ignore lint/suspicious/noExplicitAny: each reward checks its own options
export type RewardEntry = PluginEntry<any, RewardContext, Reward>;

/**
 * The objective `self-critical` with the rewards that it may be given, by the name that its option `reward` uses.
 * @example
 * const objectives = { 'self-critical': selfCriticalEntry({ brevity }) };
 * await trainPlan({ ...options, objectives });
 */
export function selfCriticalEntry(rewards: Readonly<Record<string, RewardEntry>> = {}) {
  return {
    presets: {},
    optionsSchema: selfCriticalOptionsSchema,
    async create(options: SelfCriticalOptions, context) {
      const named = rewardUse(options.reward);
      const entry = Object.hasOwn(rewards, named.use) ? rewards[named.use] : undefined;
      if (!entry) throw unknownReward(named.use, Object.keys(rewards));
      const rewardOptions = resolveOptions<unknown>(entry, named, 'objective.options.reward');
      // Without rows nothing is scored: only what a step costs is asked for.
      const reward = context.rows && (await entry.create(rewardOptions, { rows: context.rows }));
      return createSelfCriticalObjective(options, reward, context);
    },
  } satisfies ObjectiveEntry;
}

function unknownReward(use: string, known: readonly string[]): EimError {
  return new EimError({
    code: 'plugin-not-found',
    message: `The objective '${SELF_CRITICAL}' is to use the reward '${use}', which is not known here.`,
    advice: `Known are ${known.join(', ') || 'none'}. resolveObjectives finds those of packages, such as '@eim/benchmarks/cider'; programs pass their own by selfCriticalEntry({ name: entry }).`,
    data: { use, known },
  });
}
