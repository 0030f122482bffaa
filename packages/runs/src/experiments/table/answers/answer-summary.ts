import { type McNemarResult, mcNemar } from '@eim/benchmarks';
import type { Experiment } from '../../description/read-experiment.js';
import { unitStates } from '../../records/sort-records.js';
import type { AnswerRecord } from '../../records/unit-record.js';
import { type ArmDifference, pairBySeed, type SeedScores, seededDifference } from '../arm-difference.js';
import {
  type ArmSummary,
  type ExperimentSummary,
  overSeeds,
  type ScoreOverSeeds,
  trainingCosts,
  withoutRecord,
} from '../experiment-summary.js';

/** Two arms' answers of one seed to the same questions. */
export interface SeedTest extends McNemarResult {
  readonly seed: number;
}

/** One arm of a table of answers. */
export interface AnswerArm
  extends Pick<
    ArmSummary,
    | 'name'
    | 'seeds'
    | 'parameters'
    | 'scores'
    | 'multiplyAdds'
    | 'minutes'
    | 'coreMinutes'
    | 'difference'
    | 'reference'
  > {
  readonly questions: number;
  /** Percent of the questions that were answered rightly. */
  readonly accuracy: ScoreOverSeeds;
  /** McNemar's test to the arm's reference, for each seed that both have. */
  readonly tests: readonly SeedTest[];
}

/** What the records of an experiment over a benchmark say. */
export interface AnswerSummary extends Pick<ExperimentSummary, 'experiment' | 'missing' | 'stale'> {
  readonly arms: readonly AnswerArm[];
  readonly records: readonly AnswerRecord[];
  readonly claim?: ArmDifference;
}

/** Sums up the records of an experiment that scores a benchmark. @throws EimError `invalid-file` where a record cannot be read */
export async function summariseAnswers(experiment: Experiment): Promise<AnswerSummary> {
  const states = await unitStates(experiment);
  const records = states.flatMap(({ record }) => (record ? [record as AnswerRecord] : []));
  const ofArm = (name: string) => records.filter(({ arm }) => arm === name);
  const difference = (left: string, right: string, times?: number) =>
    seededDifference(ofArm(left).map(percentages), ofArm(right).map(percentages), times);
  const { claim } = experiment;
  const claimed = claim && difference(claim.better, claim.than, claim.times);
  return {
    experiment,
    records,
    arms: experiment.arms.flatMap(({ name, reference }): AnswerArm[] => {
      const own = ofArm(name);
      const [first] = own;
      if (!first) return [];
      const found = name === reference ? undefined : difference(name, reference);
      return [
        {
          name,
          reference,
          seeds: own.map(({ seed }) => seed),
          parameters: first.parameters.total,
          questions: first.score.items,
          accuracy: overSeeds(own.map((record) => ({ accuracy: accuracyOf(record) }))).accuracy!,
          scores: overSeeds(own.map(({ score }) => score.scores)),
          ...trainingCosts(own),
          ...(found && { difference: found }),
          tests: name === reference ? [] : testsOf(own, ofArm(reference)),
        },
      ];
    }),
    ...(claimed && { claim: claimed }),
    ...withoutRecord(states),
  };
}

/** 100 for each question that was answered rightly, so that means are percent. */
const percentages = ({ seed, score: { right, questions } }: AnswerRecord): SeedScores => ({
  seed,
  of: questions,
  values: [...right].map((digit) => 100 * Number(digit)),
});

const accuracyOf = (record: AnswerRecord): number => {
  const { values } = percentages(record);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
};

const testsOf = (left: readonly AnswerRecord[], right: readonly AnswerRecord[]): SeedTest[] => {
  const rights = ({ seed, score: { right: digits, questions } }: AnswerRecord) => ({
    seed,
    of: questions,
    values: [...digits].map((digit) => digit === '1'),
  });
  return pairBySeed(left.map(rights), right.map(rights)).map(([one, other]) => ({
    seed: one.seed,
    ...mcNemar(one.values, other.values),
  }));
};
