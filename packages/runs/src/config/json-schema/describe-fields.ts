import type { JsonSchema } from './json-schema.js';

/** Texts of the fields of a schema, and of what these hold. */
export interface Descriptions {
  readonly description?: string;
  /** By name, for objects. */
  readonly fields?: Readonly<Record<string, Descriptions>>;
  /** For lists and records. */
  readonly items?: Descriptions;
}

/** Gives the fields of a JSON Schema their descriptions, wherever alternatives repeat them. */
export function describeFields(schema: JsonSchema, { fields = {}, items }: Descriptions): JsonSchema {
  const described = { ...schema };
  const properties = schema.properties as Readonly<Record<string, JsonSchema>> | undefined;
  if (properties) {
    described.properties = Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, describeField(property, fields[name])]),
    );
  }
  if (items) {
    for (const keyword of ['items', 'additionalProperties']) {
      const inner = schema[keyword];
      if (typeof inner === 'object') described[keyword] = describeFields(inner as JsonSchema, items);
    }
  }
  for (const keyword of ['anyOf', 'oneOf', 'allOf']) {
    const alternatives = schema[keyword] as readonly JsonSchema[] | undefined;
    if (alternatives)
      described[keyword] = alternatives.map((one) =>
        describeFields(one, { fields, ...(items && { items }) }),
      );
  }
  return described;
}

function describeField(property: JsonSchema, descriptions: Descriptions | undefined): JsonSchema {
  if (!descriptions) return property;
  const { description } = descriptions;
  return { ...(description !== undefined && { description }), ...describeFields(property, descriptions) };
}
