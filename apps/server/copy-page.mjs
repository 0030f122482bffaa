/** Puts the two built pages of @eim/web into this package's dist, where they are packed with it. */
import { cpSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const page = fileURLToPath(new URL('dist/page/', import.meta.url));
rmSync(page, { recursive: true, force: true });
cpSync(fileURLToPath(new URL('../web/dist/', import.meta.url)), page, { recursive: true });
