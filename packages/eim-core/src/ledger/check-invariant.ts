import { EimError } from '@eim/contracts';
import type { StructureEntry, StructureFingerprint } from './structure-fingerprint.js';

/**
 * What changed between two fingerprints, one sentence each.
 * @example
 * structureChanges(before, structureFingerprint(model)); // [] where nothing has changed
 */
export function structureChanges(before: StructureFingerprint, after: StructureFingerprint): string[] {
  const changes: string[] = [];
  const byName = (entries: readonly StructureEntry[]) => new Map(entries.map((entry) => [entry.name, entry]));
  const old = byName(before.parameters);
  const now = byName(after.parameters);
  for (const { name, shape, role, format } of before.parameters) {
    const entry = now.get(name);
    if (!entry) {
      changes.push(`'${name}' [${shape}] is gone`);
      continue;
    }
    if (String(entry.shape) !== String(shape)) {
      changes.push(`'${name}' was [${shape}] and is [${entry.shape}]`);
    }
    if (entry.role !== role) changes.push(`'${name}' was a ${role} and is a ${entry.role}`);
    if (entry.format !== format) {
      changes.push(`'${name}' was ${format ?? 'a variable'} and is ${entry.format ?? 'a variable'}`);
    }
  }
  for (const { name, shape } of after.parameters) {
    if (!old.has(name)) changes.push(`'${name}' [${shape}] is new`);
  }
  for (const key of new Set([...Object.keys(before.structure), ...Object.keys(after.structure)])) {
    const [was, is] = [before.structure[key], after.structure[key]];
    if (was !== is) changes.push(`${key} was ${was ?? 'absent'} and is ${is ?? 'absent'}`);
  }
  return changes;
}

/**
 * The EIM invariant: training changes values, and neither the set of inference parameters nor the structure.
 * @throws EimError `invariant-violated` naming all that changed
 * @example
 * const before = structureFingerprint(model);
 * await trainPlan(options);
 * checkInvariant(before, structureFingerprint(model));
 */
export function checkInvariant(before: StructureFingerprint, after: StructureFingerprint): void {
  const changes = structureChanges(before, after);
  if (changes.length === 0) return;
  throw new EimError({
    code: 'invariant-violated',
    message: `Training changed the model's structure: ${changes.join('; ')}.`,
    advice: 'What only training needs belongs to an objective, not to a part.',
    data: { changes },
  });
}
