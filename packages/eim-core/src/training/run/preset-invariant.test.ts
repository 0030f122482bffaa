import { startEngine } from '@eim/engine';
import { beforeAll, expect, it } from 'vitest';
import { parameterLedger } from '../../ledger/parameter-ledger.js';
import { structureFingerprint } from '../../ledger/structure-fingerprint.js';
import { PLAN_PRESETS, type PlanPresetName } from '../../plan/presets/plan-presets.js';
import { resolvePlan } from '../../plan/resolve-plan.js';
import { tinyRun } from '../test-support/tiny-run.js';
import { trainPlan } from './train-plan.js';

beforeAll(() => startEngine({ engine: 'wasm' }));

/** Names parameters of its own ST, behind which apps/cli/test/llama-adapter-run.test.ts trains it. */
const OF_ITS_OWN_ST: readonly PlanPresetName[] = ['llama-adapter-v2'];
const presets = (Object.keys(PLAN_PRESETS) as PlanPresetName[]).filter(
  (name) => !OF_ITS_OWN_ST.includes(name),
);

it.each(presets)(
  'after the preset %s the model has the parameters that it had, and other values',
  async (preset) => {
    const plan = resolvePlan({ preset, steps: 12, batchSize: 4 });
    const run = tinyRun(plan.segments);
    const before = structureFingerprint(run.model);
    const weights = run.weights();
    const { segments } = await trainPlan(run.options);
    expect(segments.map(({ name }) => name)).toEqual(plan.segments.map(({ name }) => name));
    expect(structureFingerprint(run.model)).toEqual(before);
    expect(parameterLedger(run.model).total).toBe(
      [...weights.values()].reduce((sum, { length }) => sum + length, 0),
    );
    expect(run.weights()).not.toEqual(weights);
    run.dispose();
  },
);
