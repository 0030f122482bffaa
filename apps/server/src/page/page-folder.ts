import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * The built page in this package: `served` talks to the server that it came from, `exported` has the model in itself and is
 * what `eim export --target web` writes.
 */
export function pageFolder(kind: 'served' | 'exported'): string {
  const manifest = createRequire(import.meta.url).resolve('@eim/server/package.json');
  return join(dirname(manifest), 'dist', 'page', kind);
}
