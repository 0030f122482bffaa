/** Every check in turn, each run although one before it failed; the last line counts tests and checks. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { say, seconds } from './lib/console.mjs';
import { npm, repositoryRoot, run } from './lib/processes.mjs';
import { nodeEngineResultsFile, testResultsFile } from './lib/test-results.mjs';

const node =
  (script, ...args) =>
  () =>
    run(process.execPath, [join(repositoryRoot, script), ...args]);

const CHECKS = [
  ['npm test', () => npm(['test'])],
  ['the engine node', node('tools/check-node-engine.mjs')],
  ['the built command', node('tools/check-command.mjs')],
  ['the demo, shortened', node('tools/check-demo.mjs')],
  ['example: compose a pipeline', node('tools/check-pipeline-example.mjs')],
  ['example: write your own encoder', node('tools/check-encoder-example.mjs')],
  ['the recipes of CONTRIBUTING.md', node('tools/check-recipes.mjs')],
  ['package checks', node('tools/check-packages.mjs')],
];

let passed = 0;
let failed = 0;
for (const [name, check] of CHECKS) {
  const started = performance.now();
  say(`=== ${name}`);
  const code = await check();
  say(`=== ${name}: ${code === 0 ? 'passed' : `failed (exit code ${code})`} in ${seconds(started)}`);
  if (code === 0) passed++;
  else failed++;
}
for (const file of [testResultsFile, nodeEngineResultsFile].filter(existsSync)) {
  const results = JSON.parse(readFileSync(file, 'utf8'));
  passed += results.numPassedTests;
  failed += results.numFailedTests;
  if (results.numPendingTests > 0)
    say(`${results.numPendingTests} tests were skipped; each names its reason above.`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
