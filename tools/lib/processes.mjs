import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The version of pnpm that this repository is developed with; npm fetches it, nothing is installed globally. */
export const PNPM = 'pnpm@10.34.8';

/** npm's own entry script, so that no shell and no global binary is needed. */
function npmCli() {
  const beside = join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js');
  const windows = join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js');
  return [process.env.npm_execpath, beside, windows].find(
    (path) => path?.endsWith('npm-cli.js') && existsSync(path),
  );
}

/**
 * Runs a program to its end, its output passed on.
 * @returns the exit code; a signal counts as 128 + its usual number
 */
export function run(command, args, { cwd = repositoryRoot, env = {}, stdio = 'inherit' } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio, env: { ...process.env, ...env } });
    const forward = (signal) => child.kill(signal);
    process.on('SIGINT', forward).on('SIGTERM', forward);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      process.off('SIGINT', forward).off('SIGTERM', forward);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 143));
    });
  });
}

/**
 * Runs a program and keeps what it prints.
 * @param options `killAfter`: milliseconds until it is killed. Absent: it may end by itself. `input`: its standard input
 */
export function capture(command, args, { cwd = repositoryRoot, env = {}, killAfter, input } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env } });
    if (input !== undefined) child.stdin.end(input);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, stderr });
    });
  });
}

function npmCommand(args) {
  const cli = npmCli();
  return cli ? [process.execPath, [cli, ...args]] : ['npm', args];
}

const QUIET = { TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', npm_config_update_notifier: 'false' };

/** Runs npm. */
export function npm(args, options = {}) {
  const [command, all] = npmCommand(args);
  return run(command, all, { ...options, env: { ...QUIET, ...options.env } });
}

/** Runs npm and keeps what it prints. */
export function captureNpm(args, options = {}) {
  const [command, all] = npmCommand(args);
  return capture(command, all, { ...options, env: { ...QUIET, ...options.env } });
}

/** Runs pnpm through npm; `pnpm exec` finds the repository's own tools, and they find pnpm on the path. */
export function pnpm(args, options = {}) {
  return npm(['exec', '--yes', `--package=${PNPM}`, '--', 'pnpm', ...args], options);
}
