/**
 * An id as text: whole numbers of any size by all their digits, so that no two ids become one; undefined for what is no
 * id. `42`, `42.0` and `"42"` are the same id.
 * @example
 * idText(9007199254740993n); // '9007199254740993'
 */
export function idText(value: unknown): string | undefined {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isInteger(value) ? String(BigInt(value)) : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}
