import { join } from 'node:path';
import { capture, captureNpm } from './processes.mjs';

/**
 * A Node of a major version: the one that runs, or the one that npm's package `node` brings.
 * @returns `{ program, version }`, or `{ reason }` where it cannot be had
 */
export async function nodeOfVersion(major, scratch) {
  if (process.versions.node.startsWith(`${major}.`))
    return { program: process.execPath, version: process.versions.node };
  const folder = join(scratch, `node-${major}`);
  const options = ['--prefix', folder, '--no-audit', '--no-fund', '--no-save', '--loglevel=error'];
  const { code, stderr } = await captureNpm(['install', ...options, `node@${major}`]);
  if (code !== 0) return { reason: `npm has no node@${major} here (${stderr.trim().split('\n')[0]})` };
  const program = join(folder, 'node_modules/node/bin/node');
  const tried = await capture(program, ['--version']).catch((error) => ({ code: 1, stderr: error.message }));
  if (tried.code !== 0)
    return { reason: `node@${major} does not start (${tried.stderr.trim().split('\n')[0]})` };
  return { program, version: tried.stdout.trim().slice(1) };
}
