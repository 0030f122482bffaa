import { EimError } from '@eim/contracts';
import type { ConfigIssue } from '@eim/core';
import { type Plan, planSchema, resolvePlan } from '@eim/core/training';
import { type ConfigMistake, schemaMistakes } from './config-issues.js';

/** The plan of a config, or its mistakes. */
export function checkPlan(
  input: Readonly<Record<string, unknown>>,
  batchSize: number | undefined,
): { readonly plan?: Plan; readonly mistakes: readonly ConfigMistake[] } {
  try {
    return { plan: resolvePlan(withBatchSize(input, batchSize), { at: 'plan' }), mistakes: [] };
  } catch (error) {
    if (!EimError.isInstance(error) || error.code !== 'invalid-config') throw error;
    return { mistakes: (error.data.issues as readonly ConfigIssue[]).flatMap(mistakeOf) };
  }
}

function mistakeOf({ path, message }: ConfigIssue): ConfigMistake[] {
  const steps = path.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  return schemaMistakes(planSchema, [{ path: steps.slice(1), message }], ['plan']);
}

/** Fills in `training.batchSize` wherever the plan names no batch size. */
function withBatchSize(plan: Readonly<Record<string, unknown>>, batchSize: number | undefined): unknown {
  if (batchSize === undefined) return plan;
  if ('preset' in plan) return { batchSize, ...plan };
  if (!Array.isArray(plan.segments)) return plan;
  const fill = (segment: unknown) =>
    typeof segment === 'object' && segment !== null && !Array.isArray(segment)
      ? { batchSize, ...segment }
      : segment;
  return { ...plan, segments: plan.segments.map(fill) };
}
