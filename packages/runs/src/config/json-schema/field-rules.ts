import { PLAN_PRESETS, planSchema } from '@eim/core/training';
import type { z } from 'zod';
import { configSchema } from '../config-schema.js';
import type { JsonSchema } from './json-schema.js';

const segment = planSchema.shape.segments.element;
const part = segment.shape.learn.shape.st.unwrap();

/**
 * What schemas check by functions, of which zod cannot tell anything, in the words of JSON Schema. That two segments have one name,
 * and that a preset's shares leave steps for its last segment, no JSON Schema can say.
 */
export const FIELD_RULES: ReadonlyMap<z.ZodType, JsonSchema> = new Map<z.ZodType, JsonSchema>([
  [
    segment,
    {
      not: {
        anyOf: [
          { required: ['warmupSteps', 'warmupFraction'] },
          {
            required: ['keepBest', 'until'],
            properties: { until: { type: 'object', required: ['earlyStopping'] } },
          },
        ],
      },
    },
  ],
  [segment.shape.until, { oneOf: [{ required: ['steps'] }, { required: ['epochs'] }] }],
  [
    part,
    {
      if: { properties: { select: { const: 'frozen' } } },
      else: { required: ['learningRate'], properties: { learningRate: { exclusiveMinimum: 0 } } },
    },
  ],
  [
    configSchema.shape.model,
    {
      allOf: [
        { properties: { tokenizer: { properties: { use: { const: 'llm' } }, required: ['use'] } } },
        { properties: { llm: { required: ['quantise'] } } },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      ].map((condition) => ({ if: condition, then: { properties: { llm: { required: ['weights'] } } } })),
    },
  ],
]);

/** Which options each preset of a plan needs, and which it refuses. */
export function presetRules(): JsonSchema[] {
  return Object.entries(PLAN_PRESETS).map(([preset, { ignores, build }]) => {
    const takes = (field: string) => !(ignores as readonly string[]).includes(field);
    const lengths = ['steps', 'epochs'].filter(takes).map((field) => ({ required: [field] }));
    const needsLength = 'issue' in build({});
    return {
      if: { properties: { preset: { const: preset } } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: {
        properties: Object.fromEntries(ignores.map((field) => [field, false])),
        ...(needsLength ? { oneOf: lengths } : { not: { required: ['steps', 'epochs'] } }),
      },
    };
  });
}
