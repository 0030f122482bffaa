import { EimError } from '@eim/contracts';
import type { Plan } from '../../plan/plan-schema.js';
import type { PlanCost } from './plan-cost.js';
import { type DataPlanCostOptions, planMultiplyAdds } from './plan-multiply-adds.js';

/** Greatest relative difference at which two budgets count as equal. */
export const BUDGET_TOLERANCE = 0.02;

export interface EqualBudgets {
  /** The plain plan, its last segment lengthened or shortened. */
  readonly plain: Plan;
  readonly plainCost: PlanCost;
  readonly eimCost: PlanCost;
  /** Compute of the plain plan divided by that of the EIM plan, gates included. */
  readonly ratio: number;
}

/**
 * Gives a plain plan as many steps as take the compute of an EIM plan: what the extra segments and their gates cost,
 * plain gets as more steps.
 * @throws EimError `invalid-config` where the two cannot come within 2 %
 * @example
 * const { plain } = await equaliseBudget(plainPlan, eimPlan, { model, dataset, tokenizer, seed: 1 });
 */
export async function equaliseBudget(
  plain: Plan,
  eim: Plan,
  options: Omit<DataPlanCostOptions, 'plan'>,
): Promise<EqualBudgets> {
  const eimCost = await planMultiplyAdds({ ...options, plan: eim });
  const measured = await planMultiplyAdds({ ...options, plan: plain });
  const last = measured.segments.at(-1)!;
  const before = spentBy(measured) - (last.total - last.encoding);
  const steps = Math.max(1, Math.round((spentBy(eimCost) - before) / last.perStep));
  const equal = withLastSteps(plain, steps);
  const plainCost = await planMultiplyAdds({ ...options, plan: equal });
  const ratio = spentBy(plainCost) / spentBy(eimCost);
  if (Math.abs(ratio - 1) > BUDGET_TOLERANCE) {
    throw new EimError({
      code: 'invalid-config',
      message: `The plain plan cannot take the EIM plan's ${spentBy(eimCost)} multiply-adds: the nearest it comes is ${spentBy(plainCost)}.`,
      advice: 'Use more steps in the EIM plan, or fewer segments in the plain one.',
      data: { plain: spentBy(plainCost), eim: spentBy(eimCost), ratio },
    });
  }
  return { plain: equal, plainCost, eimCost, ratio };
}

/** Training and gates. */
const spentBy = ({ total, gates }: PlanCost): number => total + gates;

function withLastSteps({ segments }: Plan, steps: number): Plan {
  return {
    segments: segments.map((segment, index) => {
      if (index < segments.length - 1) return segment;
      const { epochs: _, ...until } = segment.until;
      return { ...segment, until: { ...until, steps } };
    }),
  };
}
