import { planSchema, presetPlanSchema } from '@eim/core/training';
import { configSchema } from '../config-schema.js';
import { mixtureSchema, oneDataSchema } from '../data-schema.js';

/** The schemas that a config is read by. The comments on their fields become descriptions, found by these names. */
export const DOCUMENTED_SCHEMAS = {
  config: configSchema,
  data: oneDataSchema,
  mixture: mixtureSchema,
  plan: planSchema,
  presetPlan: presetPlanSchema,
};

export type DocumentedSchema = keyof typeof DOCUMENTED_SCHEMAS;
