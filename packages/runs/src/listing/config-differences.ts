/** A field that is not the same in all of several configs. */
export interface ConfigDifference {
  /** `plan.segments.joint.until.steps`: as an override writes it. */
  readonly path: string;
  /** By config; null where it has none. */
  readonly values: readonly unknown[];
}

/**
 * The fields in which configs differ, with dotted paths. Items of a list that have names go by these: an item that some
 * configs lack shows in the list's own names, and its fields only where configs that have it differ in them.
 * @example
 * configDifferences([{ training: { seed: 1 } }, { training: { seed: 2 } }]); // [{ path: 'training.seed', values: [1, 2] }]
 */
export function configDifferences(configs: readonly unknown[]): ConfigDifference[] {
  return differencesAt('', configs);
}

/** A value that a config does not have. */
const ABSENT = Symbol('absent');

function differencesAt(path: string, values: readonly unknown[]): ConfigDifference[] {
  const present = values.filter((value) => value !== ABSENT);
  const named = present.map(byName);
  if (present.length > 0 && named.every((items) => items !== undefined)) {
    const items = values.map((value) => (value === ABSENT ? ABSENT : byName(value)!));
    const names = items.map((one) => (one === ABSENT ? ABSENT : [...one.keys()]));
    const keys = new Set(items.flatMap((one) => (one === ABSENT ? [] : [...one.keys()])));
    return [
      ...leafDifference(path, names),
      ...[...keys].flatMap((key) => {
        const held = items.map((one) => (one === ABSENT ? ABSENT : (one.get(key) ?? ABSENT)));
        const holders = held.filter((value) => value !== ABSENT);
        const inner = differencesAt(step(path, key), holders);
        return inner.map((difference) => ({ ...difference, values: spread(difference.values, held) }));
      }),
    ];
  }
  if (present.length > 0 && present.every(isRecord)) {
    const keys = new Set(present.flatMap((value) => Object.keys(value as object)));
    return [...keys].flatMap((key) =>
      differencesAt(
        step(path, key),
        values.map((value) => (isRecord(value) && Object.hasOwn(value, key) ? value[key] : ABSENT)),
      ),
    );
  }
  return leafDifference(path, values);
}

function leafDifference(path: string, values: readonly unknown[]): ConfigDifference[] {
  const texts = new Set(values.map((value) => (value === ABSENT ? ABSENT : JSON.stringify(value))));
  if (texts.size < 2) return [];
  return [{ path, values: values.map((value) => (value === ABSENT ? null : value)) }];
}

/** Values of those configs that have something, with null for the others. */
function spread(values: readonly unknown[], held: readonly unknown[]): unknown[] {
  let next = 0;
  return held.map((value) => (value === ABSENT ? null : values[next++]));
}

/** Items of a list by their names, or undefined where it is no list of named items. */
function byName(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const names = value.map((item) => (isRecord(item) ? item.name : undefined));
  if (!names.every((name) => typeof name === 'string') || new Set(names).size < names.length)
    return undefined;
  return new Map(value.map((item, index) => [names[index] as string, item]));
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const step = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);
