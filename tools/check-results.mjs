/** The tables of docs/results.md are those that the records of docs/results give. */
import { join } from 'node:path';
import { repositoryRoot, run } from './lib/processes.mjs';

const eim = join(repositoryRoot, 'apps/cli/bin/eim.mjs');
process.exit(await run(process.execPath, [eim, 'bench', 'table', '--check', 'docs/results.md']));
