import { planSchema, presetPlanSchema } from '@eim/core/training';
import { z } from 'zod';
import { configSchema } from '../config-schema.js';
import { mixtureSchema, oneDataSchema } from '../data-schema.js';
import { type Descriptions, describeFields } from './describe-fields.js';
import type { DocumentedSchema } from './documented-schemas.js';
import { FIELD_RULES, presetRules } from './field-rules.js';
import { emptySchemas, type JsonSchema } from './json-schema.js';

/** Where an editor finds the published schema. */
const ADDRESS = 'https://unpkg.com/@eim/runs/config.schema.json';

/** What a field of the config is replaced by, as zod knows of it only that it is an object. */
const REFERENCES: ReadonlyMap<z.ZodType, string> = new Map<z.ZodType, string>([
  [configSchema.shape.plan, '#/$defs/plan'],
  [configSchema.shape.data, '#/$defs/data'],
]);

/** Values that schemas check by a function alone: the first whose example a schema accepts. */
const CUSTOM: readonly { readonly accepts: unknown; readonly schema: JsonSchema }[] = [
  // Changes to a segment of a preset, or none of it.
  { accepts: false, schema: { anyOf: [{ const: false }, { type: 'object' }] } },
  // Which parameters learn.
  {
    accepts: { lastBlocks: 1 },
    schema: {
      anyOf: [
        { enum: ['full', 'frozen', 'norms-and-biases', 'adapters'] },
        {
          type: 'object',
          properties: { lastBlocks: { type: 'integer', minimum: 1 } },
          required: ['lastBlocks'],
          additionalProperties: false,
        },
      ],
    },
  },
];

/**
 * The JSON Schema (draft 2020-12) of a config, from the schemas by which it is read. Options of parts, data sets and objectives are
 * checked by their own packages, so it takes any.
 * @param descriptions texts of the fields, by schema
 */
export function configJsonSchema(descriptions: Readonly<Record<DocumentedSchema, Descriptions>>): JsonSchema {
  const converted = (name: DocumentedSchema, schema: z.ZodType) =>
    describeFields(convert(schema), descriptions[name]);
  const named = (field: string, value: unknown) => ({ properties: { [field]: { const: value } } });
  const whole: JsonSchema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: ADDRESS,
    title: 'A config of eim',
    description: 'What `eim train` trains: a model of three parts, its data, and the plan of its training.',
    ...converted('config', configSchema),
    $defs: {
      plan: {
        description: 'The segments of the training, in order; or a preset with options.',
        type: 'object',
        if: { required: ['preset'] },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        then: { $ref: '#/$defs/presetPlan' },
        else: { $ref: '#/$defs/segments' },
      },
      segments: converted('plan', planSchema),
      presetPlan: { ...converted('presetPlan', presetPlanSchema), allOf: presetRules() },
      data: {
        description: 'One data set, whose options stand beside `use`; or a mixture of several.',
        type: 'object',
        required: ['use'],
        if: named('use', 'mixture'),
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        then: { $ref: '#/$defs/mixture' },
        else: { $ref: '#/$defs/dataset' },
      },
      mixture: converted('mixture', mixtureSchema),
      dataset: converted('data', oneDataSchema),
    },
  };
  const empty = emptySchemas(whole);
  if (empty.length > 0) throw new Error(`Nothing is said of ${empty.join(', ')}: add it to CUSTOM.`);
  return whole;
}

function convert(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...converted } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) =>
      override(zodSchema as unknown as z.ZodType, jsonSchema as JsonSchema),
  });
  // What several fields share is one object so far, and each is to have a description of its own.
  return structuredCloneOf(converted);
}

const structuredCloneOf = (value: unknown): JsonSchema => JSON.parse(JSON.stringify(value)) as JsonSchema;

function override(schema: z.ZodType, json: JsonSchema): void {
  const { def } = schema._zod as unknown as { def: Readonly<Record<string, unknown>> & { type: string } };
  const reference = REFERENCES.get(schema);
  if (reference !== undefined) replace(json, { $ref: reference });
  else if (def.type === 'custom') replace(json, customSchema(schema));
  else if (def.type === 'record' && typeOf(def.valueType) === 'unknown') {
    delete json.additionalProperties;
    delete json.propertyNames;
  } else if (def.type === 'object' && typeOf(def.catchall) === 'unknown') {
    // Options stand beside the fields that are known.
    json.additionalProperties = true;
  } else if (def.type === 'pipe' && typeOf(def.in) === 'transform' && schema.safeParse('name').success) {
    // A bare name stands for an object that holds only this name.
    replace(json, { anyOf: [{ type: 'string', minLength: 1 }, { ...json }] });
  }
  Object.assign(json, FIELD_RULES.get(schema));
}

function customSchema(schema: z.ZodType): JsonSchema {
  return structuredCloneOf(CUSTOM.find(({ accepts }) => schema.safeParse(accepts).success)?.schema ?? {});
}

const typeOf = (schema: unknown): string | undefined =>
  (schema as { _zod?: { def: { type: string } } } | undefined)?._zod?.def.type;

function replace(json: JsonSchema, by: JsonSchema): void {
  for (const keyword of Object.keys(json)) delete json[keyword];
  Object.assign(json, by);
}
