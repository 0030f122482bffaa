/**
 * Path of the first value that JSON cannot carry (a function, NaN, a Map, ...), or undefined. Fields that are
 * undefined are left out by JSON and mean the same.
 */
export function findNonJson(value: unknown, path = ''): string | undefined {
  if (value === undefined || value === null || typeof value === 'string' || typeof value === 'boolean')
    return;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : path;
  if (typeof value !== 'object') return path;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return path;
  for (const [key, inner] of Object.entries(value)) {
    const found = findNonJson(inner, path === '' ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return;
}
