import { basename, dirname, extname, resolve } from 'node:path';
import { type ConfigMistake, configMistakesError, schemaMistakes } from '../../config/config-issues.js';
import { ConfigSource } from '../../config/config-source.js';
import { expandPath } from '../../config/expand-path.js';
import type { RunsContext } from '../../context.js';
import { armMistakes } from './arm-mistakes.js';
import {
  type ArmInput,
  type BudgetInput,
  type ExperimentInput,
  experimentSchema,
  type ScoreInput,
} from './experiment-schema.js';

/** One way of training that an experiment compares with others. */
export interface Arm {
  readonly name: string;
  /** The config that it changes; absolute. */
  readonly base: string;
  /** Sections laid over the base, one after the other. */
  readonly changes: readonly Readonly<Record<string, unknown>>[];
  /** Absent: the steps of its plan. */
  readonly budget?: BudgetInput | undefined;
  /** The arm that its difference is to. */
  readonly reference: string;
}

/** An experiment file with its paths absolute and its defaults filled in. */
export interface Experiment {
  readonly name: string;
  readonly file: string;
  /** Folder of this experiment's records. */
  readonly records: string;
  readonly seeds: readonly number[];
  readonly reference: string;
  /** In the order of the file. */
  readonly arms: readonly Arm[];
  readonly score: ScoreInput;
  readonly gateCorrelation: boolean;
  readonly show: ExperimentInput['show'];
  readonly parameterRatio?: ExperimentInput['parameterRatio'];
  readonly claim?: ExperimentInput['claim'];
}

/**
 * Reads an experiment: which arms are trained with which seeds, what each may spend, and how they are scored.
 * @throws EimError `invalid-config` with every mistake at once, each with file, line and column
 * @example
 * const { arms, seeds } = await readExperiment('experiments/ablation.yaml', { environment: process.env });
 * console.log(`${arms.length * seeds.length} trainings`);
 */
export async function readExperiment(
  path: string,
  {
    environment = {},
    workingFolder = process.cwd(),
  }: Pick<RunsContext, 'environment' | 'workingFolder'> = {},
): Promise<Experiment> {
  const file = resolve(workingFolder, path);
  const source = await ConfigSource.read(file);
  const parsed = experimentSchema.safeParse(source.toValue());
  if (!parsed.success)
    throw configMistakesError(source, schemaMistakes(experimentSchema, parsed.error.issues));
  const mistakes: readonly ConfigMistake[] = armMistakes(parsed.data);
  if (mistakes.length > 0) throw configMistakesError(source, mistakes);
  const { name = basename(file, extname(file)), records, arms, ...rest } = parsed.data;
  const absolute = (written: string) => expandPath(written, dirname(file), environment);
  const reference = rest.reference ?? Object.keys(arms)[0]!;
  const apart = Object.entries(rest.score.apart).map(
    ([title, { picturesOf, split }]) => [title, { picturesOf: absolute(picturesOf), split }] as const,
  );
  return {
    name,
    file,
    records: resolve(absolute(records), name),
    seeds: rest.seeds,
    reference,
    arms: Object.entries(arms).map(([arm, input]) => ({
      name: arm,
      base: absolute(input.base ?? rest.base),
      changes: changesOf(input, rest.data),
      budget: budgetOf(arm, input, rest.budget),
      reference: input.reference ?? reference,
    })),
    score: {
      ...rest.score,
      apart: Object.fromEntries(apart),
      benchmark: rest.score.benchmark && {
        ...rest.score.benchmark,
        data: absolute(rest.score.benchmark.data),
      },
    },
    parameterRatio: rest.parameterRatio,
    gateCorrelation: rest.gateCorrelation,
    show: rest.show,
    claim: rest.claim,
  };
}

function changesOf(
  { base: _, budget: __, reference: ___, ...sections }: ArmInput,
  data: ExperimentInput['data'],
): Arm['changes'] {
  return [...(data ? [{ data }] : []), sections];
}

/** The arm that the others are matched to keeps its own steps. */
function budgetOf(
  arm: string,
  { budget }: ArmInput,
  shared: ExperimentInput['budget'],
): BudgetInput | undefined {
  if (budget === 'own') return undefined;
  if (budget) return budget;
  return shared && (shared.equalTo ?? shared.examplesOf) !== arm ? shared : undefined;
}
