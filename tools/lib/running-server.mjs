import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot } from './processes.mjs';

const EIM = join(repositoryRoot, 'apps/cli/bin/eim.mjs');

/**
 * Starts the built `eim serve` on a free port.
 * @param words models and options
 * @returns `{ url, models, pid, stop }`; `stop` ends it and gives its exit code
 */
export async function startEimServe(words, { env = {} } = {}) {
  const child = spawn(process.execPath, [EIM, 'serve', ...words, '--port', '0', '--json'], {
    cwd: repositoryRoot,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const line = new Promise((resolve) => child.stdout.once('data', (chunk) => resolve(String(chunk))));
  const first = await Promise.race([line, ended]);
  if (typeof first !== 'string') throw new Error(`eim serve ended with ${first}: ${stderr.trim()}`);
  const stop = async () => {
    child.kill('SIGTERM');
    return await ended;
  };
  return { ...JSON.parse(first), pid: child.pid, stop };
}
