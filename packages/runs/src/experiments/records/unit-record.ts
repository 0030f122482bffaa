import { z } from 'zod';
import { answerScoreSchema } from './answer-score.js';

const count = z.number().min(0);
const scores = z.record(z.string(), z.number());

const computeSchema = z.strictObject({ training: count, encoding: count, evaluation: count });

const segmentSchema = z.strictObject({
  name: z.string(),
  objective: z.string(),
  steps: count,
  plannedSteps: count,
  examples: count,
  firstLoss: z.number(),
  lastLoss: z.number(),
  seconds: count,
  multiplyAdds: computeSchema,
  gate: z
    .strictObject({
      metric: z.string(),
      split: z.string(),
      before: z.number(),
      after: z.number(),
      paired: z.strictObject({ gain: z.number(), standardError: count, count }).optional(),
      share: count.optional(),
      kept: z.boolean(),
    })
    .optional(),
  stoppedEarly: z.boolean(),
});

/** The program that made a record. */
const codeSchema = z.strictObject({
  version: z.string(),
  /** The commit that the experiment file's folder was at. */
  commit: z.string().optional(),
  /** Whether files under version control differed from it, records apart. */
  modified: z.boolean().optional(),
});
export type CodeVersion = z.output<typeof codeSchema>;

const machineSchema = z.strictObject({
  processor: z.string(),
  cores: count,
  memoryBytes: count,
  platform: z.string(),
  node: z.string(),
});
export type MachineRecord = z.output<typeof machineSchema>;

const trainingSchema = z.strictObject({
  steps: count,
  /** Caption rows trained on. */
  examples: count,
  seconds: count,
  /** Processor time of all threads; of the processes that ended in good order. */
  coreSeconds: count,
  peakResidentBytes: count,
  multiplyAdds: computeSchema,
  segments: z.array(segmentSchema),
  notes: z.array(z.string()),
  /** Points of the learning curve: step, seconds of training, mean loss since the point before. */
  curve: z.array(z.tuple([count, count, z.number()])),
  /** What was measured on held-out rows while training: step, metric with its split, value. */
  heldOut: z.array(z.tuple([count, z.string(), z.number()])),
});
export type TrainingRecord = z.output<typeof trainingSchema>;

const scoreSchema = z.strictObject({
  split: z.string(),
  references: z.enum(['all', 'distinct']),
  pictures: count,
  seconds: count,
  coreSeconds: count,
  scores,
  /** Scores of a retrieval from what the trained encoder gives the ST. */
  retrieval: scores,
  /** Of pictures reported by themselves, by the name that the experiment gives them. */
  apart: z.record(z.string(), z.strictObject({ pictures: count, scores, retrieval: scores })),
  /** What is said of a few pictures, evenly spread over the split. */
  samples: z.array(z.strictObject({ picture: z.string(), caption: z.string() })).default([]),
  /** A hash of the pictures' ids, in their order. */
  pictureIds: z.string(),
  /** CIDEr of each picture, in the order of the split, rounded to 4 decimals. */
  ciderPerPicture: z.array(z.number()),
});
export type ScoreRecord = z.output<typeof scoreSchema>;

/** All of a record but its scores. */
const unitShape = {
  format: z.literal(1),
  experiment: z.string(),
  arm: z.string(),
  seed: z.int(),
  /** See `configHash`. */
  configHash: z.string(),
  /** See `dataHash`. */
  dataHash: z.string(),
  code: codeSchema,
  engine: z.strictObject({
    name: z.string(),
    device: z.string(),
    threads: count,
    kernelVersion: z.string(),
  }),
  machine: machineSchema,
  begunAt: z.string(),
  endedAt: z.string(),
  /** Inference parameters by part, and in all. */
  parameters: z.strictObject({ encoder: count, st: count, llm: count, total: count }),
  /** What the arm was allowed to spend; absent where its plan's own steps counted. */
  allowance: z.strictObject({ kind: z.enum(['multiply-adds', 'examples']), amount: count }).optional(),
  training: trainingSchema,
  /** How often the scored split or benchmark has been scored for this arm and seed, earlier records included. */
  scoredTimes: z.int().min(1),
};

/** What remains of one training and the scores of its captions. */
export const unitRecordSchema = z.strictObject({ ...unitShape, score: scoreSchema });
export type UnitRecord = z.output<typeof unitRecordSchema>;

/** What remains of one training and its answers to a benchmark. */
export const answerRecordSchema = z.strictObject({ ...unitShape, score: answerScoreSchema });
export type AnswerRecord = z.output<typeof answerRecordSchema>;

/** Experiments that score captions have records of the one kind, those that score a benchmark of the other. */
export type AnyRecord = UnitRecord | AnswerRecord;
