/** File length and naming: no source file over 300 lines, the median under 80, kebab-case names, no catch-all files. */
import { readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { repositoryRoot } from './lib/processes.mjs';
import { foreignSourceFiles, sourceFiles, workspaceFolders } from './lib/workspace.mjs';

const LONGEST = 300;
const MEDIAN = 80;
const CATCH_ALL = /^(utils?|helpers?|misc|common|shared)\.(ts|mjs)$/;
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|test-d|config|d))?\.(ts|mjs)$/;

const faults = [];
const lengths = [];

/** How many lines a file has. */
function checkLength(file) {
  const lines = readFileSync(file, 'utf8').split('\n').length - 1;
  if (lines > LONGEST) {
    const where = relative(repositoryRoot, file);
    faults.push(`${where}: ${lines} lines (at most ${LONGEST}); it holds more than one idea`);
  }
  return lines;
}

for (const folder of [...workspaceFolders(), join(repositoryRoot, 'tools')]) {
  for (const file of foreignSourceFiles(folder)) checkLength(file);
  for (const file of sourceFiles(folder)) {
    const where = relative(repositoryRoot, file);
    const lines = checkLength(file);
    if (!/\.(test|test-d)\.ts$/.test(file)) lengths.push(lines);
    if (CATCH_ALL.test(basename(file))) faults.push(`${where}: name it after what it exports`);
    if (!KEBAB.test(basename(file))) faults.push(`${where}: file names are kebab-case`);
  }
}
lengths.sort((a, b) => a - b);
const median = lengths[Math.floor(lengths.length / 2)] ?? 0;
if (median >= MEDIAN) faults.push(`the median source file has ${median} lines (under ${MEDIAN} wanted)`);
if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
console.log(`layout: ${lengths.length} source files, median ${median} lines, longest ${lengths.at(-1)}`);
