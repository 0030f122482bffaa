import { z } from 'zod';

const scores = z.record(z.string(), z.number());
const baselineSchema = z.strictObject({ name: z.string(), explanation: z.string(), scores });

/** What can be had without any of an experiment's models, on one data set. */
export const baselinesRecordSchema = z.strictObject({
  format: z.literal(1),
  experiment: z.string(),
  dataHash: z.string(),
  split: z.string(),
  references: z.enum(['all', 'distinct']),
  pictures: z.number(),
  baselines: z.array(baselineSchema),
  apart: z.record(z.string(), z.array(baselineSchema)),
});
export type BaselinesRecord = z.output<typeof baselinesRecordSchema>;
