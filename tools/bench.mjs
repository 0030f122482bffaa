import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { say } from './lib/console.mjs';
import { repositoryRoot, run } from './lib/processes.mjs';
import { setUp } from './lib/set-up.mjs';

const benchFolder = join(repositoryRoot, 'apps/bench');
const available = readdirSync(join(benchFolder, 'src'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(benchFolder, 'src', entry.name, 'main.ts')))
  .map((entry) => entry.name);

const [first, ...rest] = process.argv.slice(2);
const named = first !== undefined && !first.startsWith('-');
if (named && !available.includes(first)) {
  say(`There is no benchmark "${first}". There are: ${available.join(', ')}.`);
  process.exit(2);
}
await setUp();
for (const name of named ? [first] : available) {
  say(`Benchmark ${name}`);
  const args = ['--import', 'tsx', join('src', name, 'main.ts'), ...(named ? rest : process.argv.slice(2))];
  const code = await run(process.execPath, args, { cwd: benchFolder });
  if (code !== 0) process.exit(code);
}
