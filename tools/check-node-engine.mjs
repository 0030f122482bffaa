/**
 * The tests that need the engine `node`, on one that is built for them: where Python with pip and g++ are there and TensorFlow can be
 * fetched; else it says what is missing.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { say } from './lib/console.mjs';
import { capture, pnpm, repositoryRoot } from './lib/processes.mjs';
import { nodeEngineResultsFile } from './lib/test-results.mjs';

const eim = join(repositoryRoot, 'apps/cli/bin/eim.mjs');

/** Test files that run on `node` where EIM_ENGINES names its folder. */
async function testsOnNode() {
  const { stdout } = await capture('git', ['grep', '-lE', 'testedEngines|EIM_ENGINES', '--', '*.test.ts']);
  return stdout.split('\n').filter((file) => file !== '');
}

const engines = mkdtempSync(join(tmpdir(), 'eim-engines-'));
process.exitCode = await check();
rmSync(engines, { recursive: true, force: true });

async function check() {
  const missing = await whatIsMissing();
  if (missing !== undefined) return skip(missing);
  const words = [eim, 'engine', 'install', 'node', '--json'];
  const { code, stdout, stderr } = await capture(process.execPath, words, { env: { EIM_ENGINES: engines } });
  process.stderr.write(stderr);
  if (code !== 0) {
    const out = /downloading TensorFlow failed|getting the binding's sources from npm failed/i;
    return out.test(stdout + stderr) ? skip('what it is made of could not be fetched') : code;
  }
  return pnpm(
    [
      'exec',
      'vitest',
      'run',
      '--typecheck=false',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${nodeEngineResultsFile}`,
      ...(await testsOnNode()),
    ],
    { env: { EIM_ENGINES: engines } },
  );
}

async function whatIsMissing() {
  for (const [command, ...words] of [
    ['python3', '-m', 'pip', '--version'],
    ['g++', '--version'],
  ]) {
    const { code } = await capture(command, words).catch(() => ({ code: 1 }));
    if (code !== 0) return `\`${[command, ...words].join(' ')}\` does not run`;
  }
  return undefined;
}

function skip(why) {
  say(`skipped: the engine node is not tested, as ${why}`);
  return 0;
}
