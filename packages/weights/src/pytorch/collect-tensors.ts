import { OpaqueValue, PickleObject, TensorReference } from './pickle-value.js';

/** What a checkpoint holds, by name. */
export interface CollectedTensors {
  /** In the order of the checkpoint. */
  readonly tensors: ReadonlyMap<string, TensorReference>;
  /** What is neither a tensor nor plain, by the same names. */
  readonly opaque: ReadonlyMap<string, OpaqueValue>;
  /** Plain values that stand beside them at the outermost level, and those in its dictionary `config`. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Shared values are walked each time they are met, so a small pickle can stand for endless ones. */
const MOST_CONTAINERS = 100_000;
const MOST_VALUES = 10_000_000;
const MOST_TENSORS = 50_000;
const LONGEST_NAME = 1000;
const DEEPEST = 100;
/** A dictionary that describes the model beside it, as LLaMA-Adapter V2's files have it. */
const CONFIG = 'config';

/**
 * Finds the tensors of a checkpoint in dictionaries, lists and modules however nested; names are joined by dots.
 * @throws RangeError for contents that contain themselves, are absurdly many, or give one name to two tensors
 */
export function collectTensors(root: unknown): CollectedTensors {
  const tensors = new Map<string, TensorReference>();
  const opaque = new Map<string, OpaqueValue>();
  const metadata: Record<string, unknown> = {};
  const described: Record<string, unknown> = {};
  if (root instanceof TensorReference) tensors.set('tensor', root);
  let containers = 0;
  let values = 0;

  const visit = (container: unknown, path: string, depth: number): void => {
    if (++containers > MOST_CONTAINERS) throw new RangeError(`it holds more than ${MOST_CONTAINERS} lists`);
    if (depth > DEEPEST) throw new RangeError(`it is nested more than ${DEEPEST} deep, or holds itself`);
    for (const [key, item] of membersOf(container)) {
      if (++values > MOST_VALUES) throw new RangeError(`it holds more than ${MOST_VALUES} values`);
      if (typeof key !== 'string' && typeof key !== 'number') continue;
      if (isPlain(item)) {
        if (depth === 0) setOwn(metadata, String(key), item);
        else if (depth === 1 && path === CONFIG) setOwn(described, String(key), item);
        continue;
      }
      const name = path === '' ? String(key) : `${path}.${key}`;
      if (name.length > LONGEST_NAME) throw new RangeError(`it has a name of ${name.length} characters`);
      if (item instanceof OpaqueValue) opaque.set(name, item);
      else if (!(item instanceof TensorReference)) visit(item, name, depth + 1);
      else if (tensors.has(name)) throw new RangeError(`it holds two tensors named "${name}"`);
      else if (tensors.size >= MOST_TENSORS)
        throw new RangeError(`it holds more than ${MOST_TENSORS} tensors`);
      else tensors.set(name, item);
    }
  };
  visit(root, '', 0);
  if (Object.keys(described).length > 0) setOwn(metadata, CONFIG, described);
  return { tensors, opaque, metadata };
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
