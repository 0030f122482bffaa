/** Runs the example that composes its own pipeline on the built packages: its loss must fall and nothing may leak. */
import { join } from 'node:path';
import { capture, repositoryRoot } from './lib/processes.mjs';

const folder = join(repositoryRoot, 'examples/compose-a-pipeline');
const { code, stdout, stderr } = await capture(process.execPath, ['--import', 'tsx', 'src/main.ts', '60'], {
  cwd: folder,
});
const losses = [...stdout.matchAll(/loss (\d+\.\d+)/g)].map(([, loss]) => Number(loss));
const learnt = losses.length > 1 && losses.at(-1) < losses[0] * 0.8;
if (code !== 0 || !learnt || !/CIDEr \d/.test(stdout)) {
  console.error(`The example failed (exit code ${code}).\n${stdout}${stderr}`);
  process.exit(1);
}
console.log(`compose a pipeline: loss ${losses[0]} to ${losses.at(-1)}`);
