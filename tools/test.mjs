import { join } from 'node:path';
import { say, seconds } from './lib/console.mjs';
import { pnpm, repositoryRoot, run } from './lib/processes.mjs';
import { setUp } from './lib/set-up.mjs';
import { testResultsFile } from './lib/test-results.mjs';

const node =
  (script, ...args) =>
  () =>
    run(process.execPath, [join(repositoryRoot, script), ...args]);
const tool =
  (...args) =>
  () =>
    pnpm(['exec', ...args]);

/** Cheap checks first, so that a mistake is known early. */
const CHECKS = [
  ['lint and format', tool('biome', 'check', '.')],
  ['dependency law', node('tools/check-dependency-law.mjs')],
  ['layout', node('tools/check-layout.mjs')],
  ['wasm kernels', node('tools/check-wasm-kernels.mjs')],
  ['tables of results', node('tools/check-results.mjs')],
  ['types', tool('turbo', 'run', 'typecheck', '--output-logs=errors-only')],
  [
    'tests',
    tool(
      'vitest',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${testResultsFile}`,
      ...process.argv.slice(2),
    ),
  ],
];

await setUp();
const failed = [];
for (const [name, check] of CHECKS) {
  const started = performance.now();
  say(`${name} ...`);
  const code = await check();
  say(`${name}: ${code === 0 ? 'passed' : `failed (exit code ${code})`} in ${seconds(started)}`);
  if (code !== 0) failed.push(name);
}
say(failed.length === 0 ? 'All checks passed.' : `Failed: ${failed.join(', ')}.`);
process.exit(failed.length === 0 ? 0 : 1);
