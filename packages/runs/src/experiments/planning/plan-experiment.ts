import { EimError } from '@eim/contracts';
import type { Config } from '../../config/read-config.js';
import { type CompleteContext, completeContext, type RunsContext } from '../../context.js';
import { startChosenEngine } from '../../engine/start-chosen-engine.js';
import { estimateReadPlan } from '../../training/estimate-plan.js';
import { armConfig, armOf, type Unit, unitName } from '../description/arm-config.js';
import { type Experiment, readExperiment } from '../description/read-experiment.js';
import { dataHash } from '../records/data-hash.js';
import { UnitPlanner } from './plan-unit.js';

export interface PlanRequest {
  readonly file: string;
  /** Arms and seeds to plan. */
  readonly units: readonly { readonly arm: string; readonly seed: number }[];
  /** Arms of which a few steps are run to learn this machine's speed. */
  readonly timed: readonly string[];
}

/** What training a unit will cost. */
export interface UnitEstimate {
  readonly arm: string;
  readonly seed: number;
  readonly segments: readonly { readonly name: string; readonly steps: number }[];
  readonly multiplyAdds: number;
  /** Caption rows. */
  readonly examples: number;
  /** Inference parameters. */
  readonly parameters: number;
  readonly dataHash: string;
  /** Of training, gates apart; absent where nothing was timed. */
  readonly seconds?: number;
}

export interface ExperimentPlan {
  readonly engine: string;
  readonly units: readonly UnitEstimate[];
}

/**
 * Works out the steps and the cost of units, and checks that the experiment's models have the relation of sizes that it asks for.
 * @throws EimError `invalid-config` where a budget cannot be met, or the sizes are not as asked
 */
export async function planExperiment(
  { file, units, timed }: PlanRequest,
  options: RunsContext,
): Promise<ExperimentPlan> {
  const context = completeContext(options);
  const experiment = await readExperiment(file, context);
  const asked = units.map(({ arm, seed }): Unit => ({ arm: armOf(experiment, arm), seed }));
  const { config } = await armConfig(experiment, asked[0]!, context.environment);
  await checkDecoding(experiment, config.evaluation, context);
  const engine = await startChosenEngine(context, config.engine);
  const planner = new UnitPlanner(experiment, context);
  const parametersOf = async (arm: string) =>
    (await planner.plan({ arm: armOf(experiment, arm), seed: experiment.seeds[0]! })).cost.ledger.total;
  await checkParameterRatio(experiment, parametersOf);
  const estimates: UnitEstimate[] = [];
  const speeds = new Map<string, number>(); // seconds a multiply-add, by arm
  for (const [index, unit] of asked.entries()) {
    context.signal.throwIfAborted();
    context.onProgress({ label: 'planning', done: index, total: asked.length, detail: unitName(unit) });
    const planned = await planner.plan(unit);
    const { cost } = planned;
    if (timed.includes(unit.arm.name) && !speeds.has(unit.arm.name)) {
      const quiet = { ...context, onNote: () => {} };
      const { seconds, total } = await estimateReadPlan(planned.read, unit.arm.base, quiet);
      speeds.set(unit.arm.name, seconds! / total);
    }
    const speed = speeds.get(unit.arm.name);
    estimates.push({
      arm: unit.arm.name,
      seed: unit.seed,
      segments: cost.segments.map(({ name, steps }) => ({ name, steps })),
      multiplyAdds: cost.total,
      examples: planned.examples,
      parameters: cost.ledger.total,
      dataHash: dataHash(planned.dataset),
      ...(speed !== undefined && { seconds: speed * cost.total }),
    });
  }
  return { engine: engine.name, units: estimates };
}

/** Arms may differ in how they are trained, never in how they are asked. */
async function checkDecoding(
  experiment: Experiment,
  { beams, maxNewTokens }: Config['evaluation'],
  { environment }: CompleteContext,
): Promise<void> {
  for (const arm of experiment.arms) {
    const { evaluation } = (await armConfig(experiment, { arm, seed: 0 }, environment)).config;
    if (evaluation.beams === beams && evaluation.maxNewTokens === maxNewTokens) continue;
    throw new EimError({
      code: 'invalid-config',
      message: `The arms of ${experiment.file} do not decode alike: ${arm.name} takes ${evaluation.beams} beams and ${evaluation.maxNewTokens} tokens, another ${beams} and ${maxNewTokens}.`,
      advice: 'Give all of them the same evaluation.beams and evaluation.maxNewTokens.',
      data: { arm: arm.name },
    });
  }
}

async function checkParameterRatio(
  { parameterRatio: ratio, file }: Experiment,
  parametersOf: (arm: string) => Promise<number>,
): Promise<void> {
  if (!ratio) return;
  const [of, to] = [await parametersOf(ratio.of), await parametersOf(ratio.to)];
  if (Math.abs(of / to - ratio.is) <= ratio.within) return;
  throw new EimError({
    code: 'invalid-config',
    message: `${ratio.of} has ${of} parameters and ${ratio.to} ${to}, ${(of / to).toFixed(4)} times as many; ${file} asks for ${ratio.is} within ${ratio.within}.`,
    advice: 'Change the sizes of one of the models.',
    data: { [ratio.of]: of, [ratio.to]: to, ratio: of / to },
  });
}
