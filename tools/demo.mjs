import { join } from 'node:path';
import { repositoryRoot, run } from './lib/processes.mjs';
import { setUp } from './lib/set-up.mjs';

await setUp();
process.exit(
  await run(
    process.execPath,
    [join(repositoryRoot, 'apps/cli/bin/eim.mjs'), 'demo', ...process.argv.slice(2)],
    { cwd: process.env.INIT_CWD ?? process.cwd() },
  ),
);
