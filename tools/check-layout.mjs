/**
 * File length and naming: no source file over 300 lines, the median under 80, kebab-case names, no catch-all files, what
 * only tests use in folders named testing; and the one list of files that every plug-in package has.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { repositoryRoot } from './lib/processes.mjs';
import { foreignSourceFiles, readManifest, sourceFiles, workspaceFolders } from './lib/workspace.mjs';

const LONGEST = 300;
const MEDIAN = 80;
const CATCH_ALL = /^(utils?|helpers?|misc|common|shared)\.(ts|tsx|mjs)$/;
const TESTING = /^testing-/;
/** What each plug-in package has, and what one with parts of models has besides: a pattern stands for one file or more. */
const PLUGIN_FILES = [
  'package.json',
  'README.md',
  'LICENSE',
  'tsup.config.ts',
  'tsconfig.json',
  'src/index.ts',
  'src/plugin.ts',
];
const PART_FILES = [/^conformance\.test\.ts$/, /(^|-)options\.ts$/, /(^|-)presets\.ts$/];
const HAS_PARTS = /^@eim\/(encoder|st|llm)-/;
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|originals\.test|test-d|config|d))?\.(ts|tsx|mts|mjs)$/;

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

/** A package whose entry gives a manifest by default is a plug-in. */
function checkPlugin(folder) {
  const { name } = readManifest(folder);
  const index = join(folder, 'src/index.ts');
  const hasParts = HAS_PARTS.test(name);
  if (!hasParts && !(existsSync(index) && /\bas default\b/.test(readFileSync(index, 'utf8')))) return;
  const lacks = PLUGIN_FILES.filter((file) => !existsSync(join(folder, file)));
  const sources = readdirSync(join(folder, 'src'));
  if (hasParts)
    lacks.push(...PART_FILES.filter((pattern) => !sources.some((file) => pattern.test(file))).map(String));
  for (const file of lacks) faults.push(`${relative(repositoryRoot, folder)}: every plug-in has ${file}`);
}

for (const folder of workspaceFolders().filter((each) =>
  relative(repositoryRoot, each).startsWith('packages'),
))
  checkPlugin(folder);
for (const folder of [...workspaceFolders(), join(repositoryRoot, 'tools')]) {
  for (const file of foreignSourceFiles(folder)) checkLength(file);
  for (const file of sourceFiles(folder)) {
    const where = relative(repositoryRoot, file);
    const lines = checkLength(file);
    if (!/\.(test|test-d)\.ts$/.test(file)) lengths.push(lines);
    if (CATCH_ALL.test(basename(file))) faults.push(`${where}: name it after what it exports`);
    if (TESTING.test(basename(file))) faults.push(`${where}: it belongs into a folder named testing`);
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
