import { z } from 'zod';

/** A reward as a config names it: by its package, with options of its own where it has any. */
export const rewardUseSchema = z.union([
  z.string().min(1),
  z.strictObject({
    use: z.string().min(1),
    preset: z.string().optional(),
    options: z.record(z.string(), z.unknown()).optional(),
  }),
]);

export interface RewardUse {
  readonly use: string;
  readonly preset?: string | undefined;
  readonly options?: Readonly<Record<string, unknown>> | undefined;
}

/** The long form of a reward's name. */
export const rewardUse = (named: z.output<typeof rewardUseSchema>): RewardUse =>
  typeof named === 'string' ? { use: named } : named;

/** Rewards that the options of objectives name. Options that are wrong otherwise are refused where they are read. */
export function rewardsNamedBy(options: readonly Readonly<Record<string, unknown>>[]): RewardUse[] {
  return options.flatMap(({ reward }) => {
    const parsed = rewardUseSchema.safeParse(reward);
    return parsed.success ? [rewardUse(parsed.data)] : [];
  });
}
