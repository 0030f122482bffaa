import { setFlagsFromString } from 'node:v8';

/** The last version of V8 that is known to have the flag: of an unknown one it writes to standard error. */
const LAST_V8 = 13;

/**
 * For commands that load a model and then make little else: V8 doubles the space of new objects, up to 48 MB, while tokenizers
 * and headers are read, and keeps it. Kept at its first size, it is emptied more often, which took no time that could be measured.
 */
export function growYoungSlowly(): void {
  if (Number.parseInt(process.versions.v8, 10) <= LAST_V8) setFlagsFromString('--semi-space-growth-factor=1');
}
