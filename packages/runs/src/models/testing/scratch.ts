import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../../context.js';

/** A folder that goes when the test file ends. @param atEnd `afterAll` of the test program */
export function scratchFolder(atEnd: (clean: () => void) => void): string {
  const folder = mkdtempSync(join(tmpdir(), 'eim-models-'));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** An environment that knows nothing of the machine's own: no configuration, no caches, no tokens. */
export function cleanEnvironment(home: string, more: Environment = {}): Environment {
  return {
    HOME: home,
    EIM_CACHE: join(home, 'eim'),
    HF_HOME: join(home, 'hf'),
    PIP_CONFIG_FILE: '/dev/null',
    ...more,
  };
}

/** Bytes that do not compress. */
export function noise(length: number): Buffer {
  return randomBytes(length);
}
