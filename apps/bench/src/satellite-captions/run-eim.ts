import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const COMMAND = fileURLToPath(new URL('../../../cli/bin/eim.mjs', import.meta.url));

/** Runs the built `eim` command, its progress passed on. @returns what it wrote on standard output */
export function runEim(words: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [COMMAND, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve(out);
      else reject(new Error(`eim ${words.join(' ')} ended with ${code ?? signal}`));
    });
  });
}
