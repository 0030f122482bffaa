import { sampleMean, sampleStandardDeviation } from '@eim/benchmarks';
import type { Experiment } from '../description/read-experiment.js';
import type { BaselinesRecord } from '../records/baselines-record.js';
import { readBaselines } from '../records/record-files.js';
import { type UnitState, unitStates } from '../records/sort-records.js';
import type { AnyRecord, UnitRecord } from '../records/unit-record.js';
import { type ArmDifference, armDifference } from './arm-difference.js';

/** A score over the seeds of an arm. */
export interface ScoreOverSeeds {
  readonly mean: number;
  /** Absent for one seed. */
  readonly standardDeviation?: number;
}

/** One arm of a table. */
export interface ArmSummary {
  readonly name: string;
  readonly seeds: readonly number[];
  readonly parameters: number;
  readonly scores: Readonly<Record<string, ScoreOverSeeds>>;
  readonly retrieval: Readonly<Record<string, ScoreOverSeeds>>;
  readonly apart: Readonly<Record<string, Readonly<Record<string, ScoreOverSeeds>>>>;
  /** Multiply-adds of a training, gates and other evaluations included; the mean over seeds. */
  readonly multiplyAdds: number;
  /** Of training, the mean over seeds. */
  readonly minutes: number;
  readonly coreMinutes: number;
  /** To the arm's reference. Absent for the reference itself, and where no seed has both. */
  readonly difference?: ArmDifference;
  readonly reference: string;
  readonly dataHash: string;
}

/** What the records of an experiment say. */
export interface ExperimentSummary {
  readonly experiment: Experiment;
  readonly arms: readonly ArmSummary[];
  /** Of every data set that an arm was scored on. */
  readonly baselines: readonly BaselinesRecord[];
  readonly claim?: ArmDifference;
  readonly records: readonly UnitRecord[];
  readonly missing: readonly UnitState[];
  readonly stale: readonly UnitState[];
}

/**
 * Sums up the records of an experiment that fit it as it is written now. Nothing is trained and no data are needed.
 * @throws EimError `invalid-file` where a record cannot be read
 */
export async function summariseExperiment(experiment: Experiment): Promise<ExperimentSummary> {
  const states = await unitStates(experiment);
  const captioned = states.map(({ unit, record }) => ({ unit, record: record as UnitRecord | undefined }));
  const ofArm = (name: string): UnitRecord[] =>
    captioned.flatMap(({ unit, record }) => (record && unit.arm.name === name ? [record] : []));
  const arms = experiment.arms.flatMap(({ name, reference }): ArmSummary[] => {
    const records = ofArm(name);
    if (records.length === 0) return [];
    const difference = name === reference ? undefined : armDifference(records, ofArm(reference));
    return [{ ...armSummary(name, records), ...(difference && { difference }), reference }];
  });
  const known = new Set(arms.map(({ dataHash }) => dataHash));
  const { score, claim } = experiment;
  const claimed = claim && armDifference(ofArm(claim.better), ofArm(claim.than), claim.times);
  return {
    experiment,
    arms,
    baselines: (await readBaselines(experiment)).filter(
      ({ dataHash, split, references }) =>
        known.has(dataHash) && split === score.split && references === score.references,
    ),
    ...(claimed && { claim: claimed }),
    records: captioned.flatMap(({ record }) => (record ? [record] : [])),
    ...withoutRecord(states),
  };
}

/** Units that have not been trained, and those whose record does not fit. */
export const withoutRecord = (
  states: readonly UnitState[],
): Pick<ExperimentSummary, 'missing' | 'stale'> => ({
  missing: states.filter(({ record, stale }) => !record && stale === undefined),
  stale: states.filter(({ stale }) => stale !== undefined),
});

/** What the trainings of an arm took, the means over its seeds. */
export function trainingCosts(
  records: readonly Pick<AnyRecord, 'training'>[],
): Pick<ArmSummary, 'multiplyAdds' | 'minutes' | 'coreMinutes'> {
  const mean = (of: (training: AnyRecord['training']) => number) =>
    sampleMean(records.map(({ training }) => of(training)));
  return {
    multiplyAdds: mean(
      ({ multiplyAdds: { training, encoding, evaluation } }) => training + encoding + evaluation,
    ),
    minutes: mean(({ seconds }) => seconds / 60),
    coreMinutes: mean(({ coreSeconds }) => coreSeconds / 60),
  };
}

function armSummary(name: string, records: readonly UnitRecord[]): Omit<ArmSummary, 'reference'> {
  const [first] = records;
  return {
    name,
    seeds: records.map(({ seed }) => seed),
    parameters: first!.parameters.total,
    scores: overSeeds(records.map(({ score }) => score.scores)),
    retrieval: overSeeds(records.map(({ score }) => score.retrieval)),
    apart: Object.fromEntries(
      Object.keys(first!.score.apart).map((part) => [
        part,
        overSeeds(records.map(({ score }) => score.apart[part]!.scores)),
      ]),
    ),
    ...trainingCosts(records),
    dataHash: first!.dataHash,
  };
}

/** Mean and spread of each score. */
export function overSeeds(
  scores: readonly Readonly<Record<string, number>>[],
): Record<string, ScoreOverSeeds> {
  return Object.fromEntries(
    Object.keys(scores[0]!).map((metric) => {
      const values = scores.map((of) => of[metric]!);
      const standardDeviation = sampleStandardDeviation(values);
      return [
        metric,
        { mean: sampleMean(values), ...(standardDeviation !== undefined && { standardDeviation }) },
      ];
    }),
  );
}
