import { EimError } from '@eim/contracts';
import { type CompleteContext, completeContext, type RunsContext } from '../../context.js';
import { unitName } from '../description/arm-config.js';
import { type Experiment, readExperiment } from '../description/read-experiment.js';
import type { ExperimentPlan } from '../planning/plan-experiment.js';
import { readBaselines } from '../records/record-files.js';
import { type UnitState, unitStates } from '../records/sort-records.js';
import { unitWork } from './estimate-units.js';
import { inOwnProcess, type RunTask } from './run-task.js';
import { selectUnits, type UnitSelection } from './select-units.js';
import { trainUnclaimed } from './train-unclaimed.js';

export interface RunExperimentOptions extends RunsContext, UnitSelection {
  /** Start no unit after so many minutes. Absent: all are trained. */
  readonly limitMinutes?: number | undefined;
  /** The URL that a process of its own imports for each package: `import.meta.resolve(name)`. */
  readonly packageUrls: Readonly<Record<string, string>>;
  /** Does the tasks. @default each in a process of its own */
  readonly runTask?: RunTask | undefined;
}

/** What became of the units that were asked for. */
export interface ExperimentOutcome {
  readonly experiment: string;
  /** Folder of the records. */
  readonly records: string;
  readonly trained: readonly string[];
  /** Units whose record fitted already. */
  readonly skipped: readonly string[];
  /** Units that another process of this machine was training. */
  readonly elsewhere: readonly string[];
  /** Units that failed, with the reason. */
  readonly failed: readonly { readonly unit: string; readonly reason: string }[];
  /** Units that were not begun, as the limit was reached. */
  readonly left: readonly string[];
}

/**
 * Trains and scores every unit of an experiment that has no fitting record yet, one after the other, each in a process of its
 * own, and scores the baselines. A unit that was interrupted goes on from its checkpoint. A unit that fails does not keep the
 * others from being trained. Calls side by side share the units: each leaves alone what another trains.
 * @throws EimError `interrupted` when the signal is aborted; the same call goes on from there
 * @example
 * const packageUrls = { '@eim/llm-gpt2': import.meta.resolve('@eim/llm-gpt2') };
 * const { trained, left } = await runExperiment('experiments/ablation.yaml', { packages, packageUrls, limitMinutes: 50 });
 */
export async function runExperiment(path: string, options: RunExperimentOptions): Promise<ExperimentOutcome> {
  const context = completeContext(options);
  const { limitMinutes = Number.POSITIVE_INFINITY, runTask = inOwnProcess(options.packageUrls) } = options;
  const began = performance.now();
  const since = new Date();
  const experiment = await readExperiment(path, context);
  const states = selectUnits(experiment, await unitStates(experiment), options);
  for (const { unit, stale } of states)
    if (stale !== undefined) context.onNote(`The record of ${unitName(unit)} is stale: ${stale}.`);
  const waiting = states.filter(({ record }) => !record);
  const names = (of: readonly UnitState[]) => of.map(({ unit }) => unitName(unit));
  const ended = {
    trained: [] as string[],
    skipped: names(states.filter(({ record }) => record)),
    elsewhere: [] as string[],
  };
  const failed: ExperimentOutcome['failed'][number][] = [];
  let next = 0;
  if (waiting.length > 0) {
    const plan = await planUnits(experiment, waiting, runTask, context);
    if (!experiment.score.benchmark) await scoreMissingBaselines(experiment, plan, runTask, context);
    const work = waiting.map((state, index) => unitWork(plan.units[index]!, state, states));
    const total = work.reduce((sum, amount) => sum + amount, 0);
    let done = 0;
    for (; next < waiting.length; next++) {
      if (context.signal.aborted) throw interrupted(waiting.slice(next));
      if ((performance.now() - began) / 60_000 >= limitMinutes) break;
      const name = unitName(waiting[next]!.unit);
      try {
        const how = await trainUnclaimed(experiment, waiting[next]!, since, runTask, {
          ...context,
          onProgress: ({ done: share, detail }) =>
            context.onProgress({
              label: `${name} (${next + 1}/${waiting.length})`,
              done: done + share * work[next]!,
              total,
              ...(detail !== undefined && { detail }),
            }),
        });
        ended[how].push(name);
      } catch (error) {
        if (context.signal.aborted) throw interrupted(waiting.slice(next), error);
        const reason = error instanceof Error ? error.message : String(error);
        context.onNote(`${name} failed: ${reason}`);
        failed.push({ unit: name, reason });
      }
      done += work[next]!;
    }
  }
  return {
    experiment: experiment.name,
    records: experiment.records,
    ...ended,
    failed,
    left: names(waiting.slice(next)),
  };
}

const planUnits = (
  { file }: Experiment,
  states: readonly UnitState[],
  runTask: RunTask,
  context: CompleteContext,
): Promise<ExperimentPlan> => {
  const units = states.map(({ unit: { arm, seed } }) => ({ arm: arm.name, seed }));
  return runTask('plan-experiment', { file, units, timed: [] }, context);
};

/** Baselines are scored once for each data set. */
async function scoreMissingBaselines(
  experiment: Experiment,
  { units }: ExperimentPlan,
  runTask: RunTask,
  context: CompleteContext,
): Promise<void> {
  const { split, references, apart } = experiment.score;
  const known = new Set(
    (await readBaselines(experiment))
      .filter(
        (record) =>
          record.split === split &&
          record.references === references &&
          Object.keys(apart).every((name) => name in record.apart),
      )
      .map((record) => record.dataHash),
  );
  for (const { arm, seed, dataHash } of units) {
    if (known.has(dataHash)) continue;
    known.add(dataHash);
    context.onProgress({ label: 'baselines', done: 0, total: 1 });
    await runTask('score-baselines', { file: experiment.file, arm, seed }, context);
  }
}

function interrupted(left: readonly UnitState[], cause?: unknown): EimError {
  return new EimError({
    code: 'interrupted',
    message: `Stopped in ${unitName(left[0]!.unit)}, with ${left.length} of the units left.`,
    advice: 'The same command goes on from there.',
    data: { left: left.map(({ unit }) => unitName(unit)) },
    cause,
  });
}
