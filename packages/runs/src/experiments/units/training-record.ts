import { readRunLog } from '@eim/core/node';
import type { TrainedRun } from '../../comparison/trained-run.js';
import type { RunResult } from '../../training/train-model.js';
import type { TrainingRecord } from '../records/unit-record.js';
import { learningCurve } from './learning-curve.js';
import { significant } from './significant.js';

/** What a record keeps of a training: facts of each segment, compute, time, and a curve in few points. */
export async function trainingRecord(
  { folder }: Pick<TrainedRun, 'folder'>,
  { segments, steps, examples, seconds, multiplyAdds, peakResidentBytes, notes }: RunResult,
  coreSeconds: number,
): Promise<TrainingRecord> {
  return {
    steps,
    examples,
    seconds: significant(seconds),
    coreSeconds: significant(coreSeconds),
    peakResidentBytes,
    multiplyAdds,
    segments: segments.map((segment) => ({
      name: segment.name,
      objective: segment.objective,
      steps: segment.steps,
      plannedSteps: segment.plannedSteps,
      examples: segment.examples,
      firstLoss: significant(segment.firstLoss),
      lastLoss: significant(segment.lastLoss),
      seconds: significant(segment.seconds),
      multiplyAdds: segment.multiplyAdds,
      ...(segment.gate && { gate: gateRecord(segment.gate) }),
      stoppedEarly: segment.stoppedEarly,
    })),
    notes: [...notes],
    ...learningCurve(await readRunLog(folder.metricsFile), segments),
  };
}

type RunGate = NonNullable<RunResult['segments'][number]['gate']>;

function gateRecord({ metric, split, before, after, paired, share, kept }: RunGate): GateRecord {
  return {
    metric,
    split,
    before: significant(before),
    after: significant(after),
    ...(paired && {
      paired: {
        ...paired,
        gain: significant(paired.gain),
        standardError: significant(paired.standardError),
      },
    }),
    ...(share !== undefined && { share }),
    kept,
  };
}

type GateRecord = TrainingRecord['segments'][number]['gate'];
