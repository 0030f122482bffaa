/** The tables of docs/results.md, and what the demo says of its spread, are those that the records of docs/results give. */
import { join } from 'node:path';
import { repositoryRoot, run } from './lib/processes.mjs';

const eim = join(repositoryRoot, 'apps/cli/bin/eim.mjs');
const spread = await run(process.execPath, [join(repositoryRoot, 'tools/demo-spread.mjs'), '--check']);
process.exit(spread || (await run(process.execPath, [eim, 'bench', 'table', '--check', 'docs/results.md'])));
