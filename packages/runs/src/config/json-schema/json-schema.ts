/** A JSON Schema, or a part of one. */
export type JsonSchema = { [keyword: string]: unknown };

/**
 * The subschemas of a JSON Schema that would accept anything: what no converter knew how to say.
 * @returns their paths
 */
export function emptySchemas(schema: unknown, path = '#'): string[] {
  if (Array.isArray(schema)) return schema.flatMap((item, index) => emptySchemas(item, `${path}/${index}`));
  if (typeof schema !== 'object' || schema === null) return [];
  const entries = Object.entries(schema).filter(([keyword]) => keyword !== 'default' && keyword !== 'const');
  if (entries.length === 0 && Object.keys(schema).length === 0) return [path];
  return entries.flatMap(([keyword, value]) => emptySchemas(value, `${path}/${keyword}`));
}
