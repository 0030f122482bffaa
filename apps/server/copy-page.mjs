/** Puts the two built pages of @eim/web into this package's dist, where they are packed with it. */
import { cpSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const web = new URL('../web/dist/', import.meta.url);
cpSync(fileURLToPath(web), fileURLToPath(new URL('dist/page/', import.meta.url)), { recursive: true });
