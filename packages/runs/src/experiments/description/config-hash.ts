import { createHash } from 'node:crypto';
import { PLAN_PRESETS, type PlanPresetName, presetPlanSchema } from '@eim/core/training';
import { armOf, armSource, type Unit } from './arm-config.js';
import type { Experiment } from './read-experiment.js';

/** Sections and fields of a config on which no number of a record depends. */
const WITHOUT_EFFECT = ['name', 'loggers', 'engine'] as const;
const TRAINING_WITHOUT_EFFECT = ['checkpointEvery', 'pictureMemory', 'frozenWeights'] as const;

/**
 * A hash of everything that an experiment file and its configs say of a unit: the config as it is written, the segments of a
 * preset, what the budget is measured by, and how the unit is scored. Paths count as they are written, and defaults that no
 * file mentions do not count, so a record fits wherever the data lie, and after a new option has come to be.
 */
export async function configHash(experiment: Experiment, unit: Unit): Promise<string> {
  const { split, references, apart, benchmark } = experiment.score;
  const score = benchmark
    ? { benchmark: benchmark.use, options: benchmark.options }
    : { split, references, apart: Object.keys(apart) };
  return hashOf({ unit: await writtenUnit(experiment, unit), score });
}

async function writtenUnit(experiment: Experiment, unit: Unit): Promise<unknown> {
  const source = await armSource(experiment, unit);
  const { budget } = unit.arm;
  const of = budget?.equalTo ?? budget?.examplesOf;
  return {
    config: withEffect(source.toValue() as Record<string, unknown>),
    ...(of !== undefined && {
      budget,
      reference: await writtenUnit(experiment, { ...unit, arm: armOf(experiment, of) }),
    }),
  };
}

function withEffect(config: Record<string, unknown>): unknown {
  const { training, plan } = config as { training?: Record<string, unknown>; plan?: Record<string, unknown> };
  return {
    ...without(config, WITHOUT_EFFECT),
    training: without(training ?? {}, TRAINING_WITHOUT_EFFECT),
    plan: { ...plan, ...presetSegments(plan) },
  };
}

/** What a preset means, so that another preset of the same name does not count as the same. */
function presetSegments(plan: Record<string, unknown> | undefined): { readonly built?: unknown } {
  const parsed = plan && 'preset' in plan ? presetPlanSchema.safeParse(plan) : undefined;
  if (!parsed?.success) return {};
  const { preset, segments: _, ...options } = parsed.data;
  return { built: PLAN_PRESETS[preset as PlanPresetName].build(options) };
}

function without(map: Record<string, unknown>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));
}

/** A hash that does not depend on the order of keys. */
export function hashOf(value: unknown): string {
  const sorted = (_: string, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner;
  return createHash('sha256').update(JSON.stringify(value, sorted)).digest('hex').slice(0, 16);
}
