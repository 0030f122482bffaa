/**
 * Follows the recipes of CONTRIBUTING.md to the letter, in an empty project with the packed packages: each file goes where
 * the line above it says, each command runs in order. Name recipes to follow those alone:
 * `node tools/check-recipes.mjs 'An encoder' --packages FOLDER`. Without FOLDER the built packages are packed first.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { say, seconds } from './lib/console.mjs';
import { capture, repositoryRoot } from './lib/processes.mjs';
import { packAll } from './lib/tarballs.mjs';

/** What CONTRIBUTING.md calls the folder of packed packages. */
const PACKED = '/tmp/eim-packages';
const SET_UP = 'A project for the recipes';
/** A recipe that changes this repository cannot be followed outside it. */
const INSIDE = ['Set up', SET_UP, 'A kernel'];

/** Heading -> its fenced blocks, each with the path that the line above it names, if any. */
function readSections(text) {
  const sections = new Map();
  for (const section of text.split(/^## /m).slice(1)) {
    const heading = section.slice(0, section.indexOf('\n'));
    const blocks = [...section.matchAll(/(?:^`([^`\n]+)`\n\n)?^```(\w+)\n([\s\S]*?)^```$/gm)];
    sections.set(
      heading,
      blocks.map(([, path, language, body]) => ({ path, language, body })),
    );
  }
  return sections;
}

async function must(script, cwd) {
  const { code, stdout, stderr } = await capture('bash', ['-e', '-c', script], { cwd });
  if (code !== 0) throw new Error(`exit code ${code} of:\n${script}\n${stdout}${stderr}`);
}

async function follow(blocks, project) {
  for (const { path, language, body } of blocks) {
    if (path !== undefined) {
      mkdirSync(dirname(join(project, path)), { recursive: true });
      writeFileSync(join(project, path), body);
    } else if (language === 'sh') await must(body, project);
    else throw new Error(`a block of ${language} says neither where it goes nor how to run it:\n${body}`);
  }
}

const ownState = async () => (await capture('git', ['status', '--porcelain'])).stdout;

const { values, positionals } = parseArgs({
  options: { packages: { type: 'string' } },
  allowPositionals: true,
});
const sections = readSections(readFileSync(join(repositoryRoot, 'CONTRIBUTING.md'), 'utf8'));
const recipes = [...sections].filter(([, blocks]) => blocks.some(({ path }) => path !== undefined));
const wanted = recipes.filter(
  ([heading]) => !INSIDE.includes(heading) && (positionals.length === 0 || positionals.includes(heading)),
);
if (wanted.length < Math.max(1, positionals.length)) {
  console.error(`Known recipes: ${recipes.map(([heading]) => heading).join(', ')}`);
  process.exit(2);
}
const scratch = mkdtempSync(join(tmpdir(), 'eim-recipes-'));
const before = await ownState();
let failures = 0;
try {
  const packages = values.packages ? resolve(values.packages) : join(scratch, 'packages');
  if (!values.packages) await packAll(packages);
  const project = join(scratch, 'eim-project');
  mkdirSync(project);
  const install = sections
    .get(SET_UP)
    .flatMap(({ body }) => body.split('\n'))
    .find((line) => line.startsWith(`npm install ${PACKED}`));
  await must(`npm init -y && npm pkg set type=module\n${install.replace(PACKED, packages)}`, project);
  for (const [heading, blocks] of wanted) {
    const started = performance.now();
    try {
      await follow(blocks, project);
      say(`${heading}: passed in ${seconds(started)}`);
    } catch (error) {
      failures++;
      say(`${heading}: failed after ${seconds(started)}\n${error.message}`);
    }
  }
  if ((await ownState()) !== before) {
    failures++;
    say('A recipe changed a file of this repository.');
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.exit(failures === 0 ? 0 : 1);
