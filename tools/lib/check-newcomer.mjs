import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { captureNpm } from './processes.mjs';
import { createUserProject } from './user-project.mjs';

const MODEL = 'smollm2-135m-instruct';
const QUESTION = 'What is the capital of France?';

/**
 * The two commands that somebody new begins with, from packed packages, in an empty home: a model is pulled, and answers.
 * @returns `{ detail }`, or `{ fault, output }`
 */
export async function checkNewcomer(folder, tarballs) {
  const home = join(folder, 'home');
  mkdirSync(home, { recursive: true });
  const project = join(folder, 'project');
  await createUserProject(project, new Map([['@eim/cli', tarballs.get('@eim/cli')]]), tarballs);
  const npx = (words, input) =>
    captureNpm(['exec', '--', '@eim/cli', ...words], { cwd: project, env: { HOME: home }, input });
  const steps = [[['pull', MODEL]], [['chat', MODEL, '--max-new-tokens', '24'], `${QUESTION}\n`]];
  const seconds = [];
  let answer = '';
  for (const [words, input] of steps) {
    const started = performance.now();
    const { code, stdout, stderr } = await npx(words, input);
    if (code !== 0) return { fault: `npx @eim/cli ${words[0]} ends with ${code}`, output: stdout + stderr };
    seconds.push(((performance.now() - started) / 1000).toFixed(1));
    answer = stdout.trim();
  }
  if (!answer.includes('Paris')) return { fault: `"${QUESTION}" is answered by "${answer}"`, output: '' };
  return { detail: `pulled in ${seconds[0]} s, answered after ${seconds[1]} s: ${answer}` };
}
