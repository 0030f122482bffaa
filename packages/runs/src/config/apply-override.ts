import { type Document, isAlias, isMap, isScalar, isSeq, type YAMLSeq } from 'yaml';
import { argumentError } from '../arguments/argument-error.js';
import type { Override } from './override.js';

/**
 * Sets a value of a config. In a list an item is found by its place or by its `name`; a value shared through a YAML anchor
 * is copied first, so that no other place changes.
 * @returns the override with its path in places
 * @throws EimError `invalid-argument` where nothing is at the path
 */
export function applyOverride(document: Document, override: Override): Override {
  const path: (string | number)[] = [];
  for (const step of override.path) {
    const parent = path.length === 0 ? document.contents : document.getIn(path, true);
    path.push(typeof step === 'string' && isSeq(parent) ? placeOf(parent, step, override, path) : step);
    const node = document.getIn(path, true);
    if (isAlias(node)) document.setIn(path, document.createNode(node.toJS(document)));
    else if (isScalar(node) && path.length < override.path.length && node.value !== null)
      throw leadsNowhere(override, `${path.join('.')} is "${node.value}", which has no fields`);
  }
  document.setIn(path, document.createNode(override.value));
  return { ...override, path };
}

function placeOf(list: YAMLSeq, name: string, override: Override, path: Override['path']): number {
  const names = list.items.map((item) => (isMap(item) ? String(item.get('name')) : undefined));
  const place = names.indexOf(name);
  if (place >= 0) return place;
  const known = names.filter((one) => one !== undefined);
  const has = known.length > 0 ? `it has ${known.join(', ')}` : `it has ${list.items.length} items`;
  throw leadsNowhere(override, `${path.join('.')} is a list without an item named "${name}"; ${has}`);
}

function leadsNowhere({ text }: Override, why: string) {
  return argumentError(`The override "${text}" leads nowhere: ${why}.`, 'Change the path before the "=".');
}
