import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FeatureStore } from '../../training/feature-cache/feature-store.js';

/**
 * Encoder outputs as files, one an entry. Entries are renamed into place, so none is ever half there; they are
 * not forced to disk, as each carries a checksum and can be computed anew.
 */
export function createFeatureFolder(path: string): FeatureStore {
  const file = (key: string) => join(path, key.slice(0, 2), `${key}.features`);
  return {
    async read(key) {
      try {
        return await readFile(file(key));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    async write(key, bytes) {
      const temporary = `${file(key)}.${randomBytes(4).toString('hex')}.tmp`;
      await mkdir(dirname(temporary), { recursive: true });
      try {
        await writeFile(temporary, bytes);
        await rename(temporary, file(key));
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => undefined);
        throw error;
      }
    },
  };
}
