import { PickleObject, TensorReference } from './pickle-value.js';

/** What a checkpoint holds, by name. */
export interface CheckpointContents {
  /** In the order of the checkpoint. */
  readonly tensors: ReadonlyMap<string, TensorReference>;
  /** Plain values that stand beside them at the outermost level. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Shared values are walked each time they are met, so a small pickle can stand for endless ones. */
const MOST_VALUES = 1_000_000;
const DEEPEST = 100;

/**
 * Finds the tensors of a checkpoint in dictionaries, lists and modules however nested; names are joined by dots.
 * @throws RangeError for contents that contain themselves, are absurdly many, or give one name to two tensors
 */
export function collectTensors(root: unknown): CheckpointContents {
  const tensors = new Map<string, TensorReference>();
  const metadata: Record<string, unknown> = {};
  let visited = 0;

  const visit = (value: unknown, path: string, depth: number): void => {
    if (++visited > MOST_VALUES) throw new RangeError(`it holds more than ${MOST_VALUES} values`);
    if (depth > DEEPEST) throw new RangeError(`it is nested more than ${DEEPEST} deep, or holds itself`);
    if (value instanceof TensorReference) {
      if (tensors.has(path)) throw new RangeError(`it holds two tensors named "${path}"`);
      tensors.set(path, value);
    } else if (depth === 1 && isPlain(value)) {
      setOwn(metadata, path, value);
    } else {
      for (const [key, item] of membersOf(value)) {
        if (typeof key !== 'string' && typeof key !== 'number') continue;
        visit(item, path === '' ? String(key) : `${path}.${key}`, depth + 1);
      }
    }
  };
  if (root instanceof TensorReference) tensors.set('tensor', root);
  else visit(root, '', 0);
  return { tensors, metadata };
}

function membersOf(value: unknown): Iterable<[unknown, unknown]> {
  if (value instanceof PickleObject) return value.attributes;
  if (value instanceof Map) return value;
  return Array.isArray(value) ? value.entries() : [];
}

function isPlain(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean', 'bigint'].includes(typeof value);
}

/** A key of a file may be `__proto__`. */
function setOwn(record: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
}
