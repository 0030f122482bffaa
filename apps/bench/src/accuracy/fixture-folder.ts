import { join } from 'node:path';

/** The small models that the Python originals saved (tools/reference), by package. */
export const fixtureFolder = (packageFolder: string): string =>
  join(import.meta.dirname, '../../../../packages', packageFolder, 'src/__fixtures__');
