/** What readers of JSON differ in. */
export interface JsonRules {
  /** The value of a number. @param literal as it stands in the text @throws RangeError with a clause that says why not */
  readonly number: (literal: string) => unknown;
  /** The value of an object. @param entries in the order of the text, equal names included */
  readonly object: (entries: readonly (readonly [string, unknown])[]) => unknown;
  /** Words that stand for values, beside `true`, `false` and `null`. */
  readonly words: ReadonlyMap<string, unknown>;
  /** Objects and lists inside each other. */
  readonly deepest: number;
  /** Whether half of a surrogate pair may stand alone in a text, written as an escape. */
  readonly loneSurrogates: boolean;
}

/** Python reads no integer of more digits (`sys.get_int_max_str_digits`). */
const MOST_DIGITS = 4300;

/**
 * As Python's `json` reads: integers of any size exactly, as a bigint where a number cannot hold them; `NaN`, `Infinity`
 * and `-Infinity`; of equal names in an object the last.
 */
export const PYTHON_RULES: JsonRules = {
  number: (literal) => {
    const value = Number(literal);
    if (Number.isSafeInteger(value) || /[.eE]/.test(literal)) return value;
    if (literal.length > MOST_DIGITS) throw new RangeError(`an integer of ${literal.length} digits`);
    return BigInt(literal);
  },
  object: recordOf,
  words: new Map([
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['-Infinity', Number.NEGATIVE_INFINITY],
  ]),
  deepest: 1000,
  loneSurrogates: true,
};

/** The last of equal names counts; `__proto__` is a name like others. */
export function recordOf(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const [name, value] of entries) {
    if (name !== '__proto__') record[name] = value;
    else Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return record;
}
