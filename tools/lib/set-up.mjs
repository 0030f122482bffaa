import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { say, seconds } from './console.mjs';
import { PNPM, pnpm, repositoryRoot } from './processes.mjs';
import { workspaceFolders } from './workspace.mjs';

const stampFile = join(repositoryRoot, 'node_modules', '.eim-setup');

/** Identifies everything that an install depends on. */
function installFingerprint() {
  const hash = createHash('sha256').update(process.version).update(process.platform).update(process.arch);
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json'])
    hash.update(readFileSync(join(repositoryRoot, file)));
  for (const folder of workspaceFolders()) hash.update(readFileSync(join(folder, 'package.json')));
  return hash.digest('hex');
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  say(`Node ${process.versions.node} is too old: EIM needs Node 20.19 or newer.`);
  process.exit(1);
}

async function orExit(step, action) {
  const started = performance.now();
  const code = await action();
  if (code === 0) return started;
  say(`${step} failed (exit code ${code}) after ${seconds(started)}.`);
  process.exit(code);
}

/** Installs the dependencies and builds every package; does only what has changed since the last time. */
export async function setUp() {
  checkNode();
  const fingerprint = installFingerprint();
  if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== fingerprint) {
    say(`Installing the dependencies with ${PNPM} (about a minute the first time) ...`);
    const started = await orExit('The install', () =>
      pnpm(['install', '--frozen-lockfile', '--reporter=append-only', '--loglevel=warn'], {
        stdio: ['ignore', 2, 2],
      }),
    );
    writeFileSync(stampFile, fingerprint);
    say(`Dependencies installed in ${seconds(started)}.`);
  }
  say('Building the packages (only what has changed) ...');
  const started = await orExit('The build', () =>
    pnpm(
      [
        'exec',
        'turbo',
        'run',
        'build',
        '--output-logs=errors-only',
        '--log-order=grouped',
        '--no-update-notifier',
      ],
      {
        stdio: ['ignore', 2, 2],
      },
    ),
  );
  say(`Built in ${seconds(started)}.`);
}
