/** The parts of a zod 4 schema's definition that lead from one schema to the next. */
interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, unknown>>;
  readonly element?: unknown;
  readonly valueType?: unknown;
  readonly innerType?: unknown;
  readonly options?: readonly unknown[];
  readonly in?: unknown;
  readonly out?: unknown;
}

function definitionOf(schema: unknown): Definition | undefined {
  return (schema as { _zod?: { def?: Definition } } | undefined)?._zod?.def;
}

/** The schemas inside defaults, unions and the like. */
function unwrap(schema: unknown): Definition[] {
  const definition = definitionOf(schema);
  if (!definition) return [];
  if (definition.innerType !== undefined) return unwrap(definition.innerType);
  if (definition.type === 'union') return (definition.options ?? []).flatMap(unwrap);
  if (definition.type === 'pipe') return [...unwrap(definition.in), ...unwrap(definition.out)];
  return [definition];
}

/** The keys that a zod schema knows at a path, for suggestions. Empty if the schema does not tell. */
export function schemaKeys(schema: unknown, path: readonly PropertyKey[]): string[] {
  let current: unknown[] = [schema];
  for (const step of path) {
    current = current.flatMap(unwrap).flatMap((definition) => {
      const next = definition.shape?.[String(step)] ?? definition.element ?? definition.valueType;
      return next === undefined ? [] : [next];
    });
  }
  return [...new Set(current.flatMap(unwrap).flatMap(({ shape }) => Object.keys(shape ?? {})))];
}
