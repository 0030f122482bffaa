import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { capture, captureNpm, repositoryRoot } from './processes.mjs';

const CLIENTS = join(repositoryRoot, 'tools/server-clients');
const QUIET = ['--no-audit', '--no-fund', '--loglevel=error'];
const lastLine = (text) => text.trimEnd().split('\n').at(-1) ?? '';
const judged = ({ code, stdout, stderr }) =>
  code === 0
    ? { outcome: 'passed', detail: lastLine(stdout) }
    : { outcome: 'failed', detail: lastLine(stderr), output: stdout + stderr };
const skipped = (detail) => ({ outcome: 'skipped', detail });

/** A Node of version 22 or later, which these packages need: the one that runs, or the one that npm has as a plain archive. */
async function node22(folder) {
  if (Number(process.versions.node.split('.')[0]) >= 22) return { program: process.execPath };
  const name = `node-${process.platform}-${process.arch}`;
  const { code, stderr } = await captureNpm(['install', '--prefix', folder, ...QUIET, `${name}@22`]);
  if (code !== 0) return { reason: `npm has no ${name}@22 here (${lastLine(stderr)})` };
  return { program: join(folder, 'node_modules', name, 'bin/node') };
}

/** One program of tools/server-clients, with packages of npm. */
async function npmClient(file, packages, { scratch, env }) {
  const folder = join(scratch, file.replace('.mjs', ''));
  mkdirSync(folder, { recursive: true });
  const node = await node22(folder);
  if (node.reason) return skipped(node.reason);
  const installed = await captureNpm(['install', '--prefix', folder, ...QUIET, ...packages]);
  if (installed.code !== 0) return skipped(`npm cannot install ${packages} (${lastLine(installed.stderr)})`);
  copyFileSync(join(CLIENTS, file), join(folder, file));
  return judged(await capture(node.program, [file], { cwd: folder, env, killAfter: 300_000 }));
}

async function pythonClient({ scratch, env }) {
  const folder = join(scratch, 'python');
  const made = await capture('python3', ['-m', 'venv', folder]).catch((error) => ({
    code: 1,
    stderr: error.message,
  }));
  if (made.code !== 0) return skipped(`python3 cannot make an environment (${lastLine(made.stderr)})`);
  const installed = await capture(join(folder, 'bin/pip'), ['install', '--quiet', 'openai']);
  if (installed.code !== 0) return skipped(`pip cannot install openai (${lastLine(installed.stderr)})`);
  const program = join(CLIENTS, 'openai_python.py');
  return judged(await capture(join(folder, 'bin/python'), [program], { env, killAfter: 300_000 }));
}

/** `curl -N`: each event as it comes, and what is refused. */
async function curl({ env }) {
  const found = await capture('curl', ['--version']).catch(() => ({ code: 1 }));
  if (found.code !== 0) return skipped('there is no curl');
  const body = (more) =>
    JSON.stringify({
      model: env.EIM_MODEL,
      temperature: 0,
      max_tokens: 8,
      messages: [{ role: 'user', content: 'Name a colour.' }],
      ...more,
    });
  const post = (data) =>
    capture('curl', [
      '-sN',
      `${env.EIM_URL}/v1/chat/completions`,
      '-H',
      'Content-Type: application/json',
      '-d',
      data,
    ]);
  const { stdout } = await post(body({ stream: true }));
  const events = stdout.split('\n\n').filter((event) => event !== '');
  const text = events
    .slice(0, -1)
    .map((event) => JSON.parse(event.replace(/^data: /, '')).choices[0].delta.content ?? '')
    .join('');
  const whole = JSON.parse((await post(body({}))).stdout);
  const refused = JSON.parse((await post(body({ tools: [{}] }))).stdout);
  const holds =
    events.at(-1) === 'data: [DONE]' &&
    text === whole.choices[0].message.content &&
    refused.error.param === 'tools';
  return holds
    ? { outcome: 'passed', detail: `curl: ${events.length} events, and the same text as a whole` }
    : { outcome: 'failed', detail: 'curl read something else', output: stdout };
}

/** Clients that nobody here wrote, by name. Each takes `{ scratch, env }` with EIM_URL and EIM_MODEL. */
export const SERVER_CLIENTS = {
  'curl -N': curl,
  'openai of npm': (context) => npmClient('openai-node.mjs', ['openai'], context),
  '@ai-sdk/openai-compatible': (context) =>
    npmClient('ai-sdk.mjs', ['ai', '@ai-sdk/openai-compatible'], context),
  'openai of Python': pythonClient,
};
