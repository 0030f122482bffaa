import { EimError } from '@eim/contracts';
import { type DataPlanCostOptions, type Plan, type PlanCost, planMultiplyAdds } from '@eim/core/training';

/** What an arm may spend. */
export interface Allowance {
  readonly kind: 'multiply-adds' | 'examples';
  readonly amount: number;
}

/** A plan with its cost over the data. */
export interface FittedPlan {
  readonly plan: Plan;
  readonly cost: PlanCost;
  /** Caption rows that it trains on. */
  readonly examples: number;
}

/** Greatest relative difference at which an allowance counts as spent. */
const TOLERANCE = 0.02;

/**
 * Gives the last segment of a plan as many steps as spend an allowance, of which its gates take their share; the segments before it stay as they are.
 * @param name whose plan it is, for messages
 * @param allowance absent: the plan stays as it is
 * @throws EimError `invalid-config` where the plan cannot come within 2 % of it
 */
export async function fitPlan(
  name: string,
  plan: Plan,
  allowance: Allowance | undefined,
  options: Omit<DataPlanCostOptions, 'plan'>,
): Promise<FittedPlan> {
  const own = await costed(plan, options);
  if (!allowance) return own;
  const last = own.cost.segments.at(-1)!;
  const spent = spentOn(allowance.kind);
  const perStep = allowance.kind === 'examples' ? rowsPerStep(plan.segments.at(-1)!) : last.perStep;
  const before = spent(own) - last.steps * perStep;
  const steps = Math.max(1, Math.round((allowance.amount - before) / perStep));
  const fitted = await costed(withLastSteps(plan, steps), options);
  const ratio = spent(fitted) / allowance.amount;
  if (Math.abs(ratio - 1) <= TOLERANCE) return fitted;
  throw new EimError({
    code: 'invalid-config',
    message: `The plan of ${name} cannot take ${allowance.amount} ${allowance.kind}: the nearest it comes is ${spent(fitted)}.`,
    advice: 'Use more steps in the arm that it is matched to, or fewer in the segments before the last.',
    data: { name, ...allowance, nearest: spent(fitted), ratio },
  });
}

const spentOn =
  (kind: Allowance['kind']) =>
  ({ cost, examples }: FittedPlan): number =>
    kind === 'examples' ? examples : cost.total + cost.gates;

const rowsPerStep = ({ batchSize, captionsPerPicture }: Plan['segments'][number]): number =>
  batchSize * captionsPerPicture;

async function costed(plan: Plan, options: Omit<DataPlanCostOptions, 'plan'>): Promise<FittedPlan> {
  const cost = await planMultiplyAdds({ ...options, plan });
  const rows = plan.segments.map((segment, index) => rowsPerStep(segment) * cost.segments[index]!.steps);
  return { plan, cost, examples: rows.reduce((sum, count) => sum + count, 0) };
}

function withLastSteps({ segments }: Plan, steps: number): Plan {
  const last = segments.at(-1)!;
  const { epochs: _, ...until } = last.until;
  return { segments: [...segments.slice(0, -1), { ...last, until: { ...until, steps } }] };
}
