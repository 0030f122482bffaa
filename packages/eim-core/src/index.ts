export { type ConfigIssue, configError, describeIssues } from './plan/config-issues.js';
export type { Learn, LearnPart } from './plan/learn-schema.js';
export type { Direction, EarlyStopping, Gate } from './plan/measured-by-schema.js';
export { parsePlan } from './plan/parse-plan.js';
export { type Plan, type PlanInput, planSchema } from './plan/plan-schema.js';
export {
  type Augmentation,
  type ObjectiveUse,
  type Segment,
  type SegmentData,
  type SegmentInput,
  segmentSchema,
  type Until,
} from './plan/segment-schema.js';
export type { Selection } from './plan/selection-schema.js';
