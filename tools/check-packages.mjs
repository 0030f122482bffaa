/**
 * What users will get: every published package is packed, linted (publint, are-the-types-wrong), installed alone
 * in an empty folder with npm, and the first example of its README is run there; the repository's README's too.
 *
 *     node tools/check-packages.mjs [@eim/engine ...]
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { say, seconds } from './lib/console.mjs';
import { capture, repositoryRoot } from './lib/processes.mjs';
import { packAll } from './lib/tarballs.mjs';
import { createUserProject } from './lib/user-project.mjs';
import { publishedPackages } from './lib/workspace.mjs';

const bin = (name) => join(repositoryRoot, 'node_modules', '.bin', name);
const failures = [];

function record(name, check, { code, stdout, stderr }) {
  if (code === 0) return;
  failures.push(`${name}: ${check}`);
  say(`${name}: ${check} failed\n${stdout}${stderr}`);
}

/** Runs the first JavaScript block of a README in a user's project; it must print something. */
async function runReadmeExample(name, folder, project) {
  const text = readFileSync(join(folder, 'README.md'), 'utf8');
  const example = /```(?:js|ts)\n([\s\S]*?)```/.exec(text)?.[1];
  if (example === undefined) return failures.push(`${name}: its README has no example`);
  writeFileSync(join(project, 'example.mjs'), example);
  const outcome = await capture(process.execPath, ['example.mjs'], { cwd: project });
  record(name, 'README example', outcome);
  if (outcome.stdout === '') failures.push(`${name}: its README's example prints nothing`);
}

function checkManifest({ manifest, folder }) {
  const scripts = Object.keys(manifest.scripts ?? {}).filter((name) =>
    /^(pre|post)?install$|^prepare$/.test(name),
  );
  if (scripts.length > 0) failures.push(`${manifest.name}: has an install script (${scripts.join(', ')})`);
  readFileSync(join(folder, 'LICENSE'));
}

/** What npm unpacked: no tests, and versions that mean something outside this repository. */
function checkInstalled(name, project) {
  const folder = join(project, 'node_modules', name);
  const strays = readdirSync(folder, { recursive: true }).filter((file) =>
    /\.test\.|__fixtures__|^src/.test(file),
  );
  if (strays.length > 0) failures.push(`${name}: packs ${strays.slice(0, 3).join(', ')}`);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const { dependencies, peerDependencies } = manifest;
  for (const [other, range] of Object.entries({ ...dependencies, ...peerDependencies }))
    if (!/^\^?\d+\.\d+\.\d+$/.test(range)) failures.push(`${name}: asks for ${other} ${range}`);
  for (const [other, range] of Object.entries(peerDependencies ?? {}))
    if (!range.startsWith('^')) failures.push(`${name}: peer ${other} is pinned to ${range}`);
}

const wanted = process.argv.slice(2);
const packages = publishedPackages().filter(
  ({ manifest }) => wanted.length === 0 || wanted.includes(manifest.name),
);
if (packages.length < Math.max(wanted.length, 1)) {
  console.error(`Of ${wanted.join(', ')} only ${packages.length} are published packages.`);
  process.exit(2);
}

const scratch = mkdtempSync(join(tmpdir(), 'eim-packages-'));
try {
  say('Packing ...');
  const tarballs = await packAll(join(scratch, 'tarballs'));
  for (const entry of packages) {
    const { name } = entry.manifest;
    const started = performance.now();
    checkManifest(entry);
    const tarball = tarballs.get(name);
    record(name, 'publint', await capture(bin('publint'), [tarball, '--strict']));
    record(name, 'are-the-types-wrong', await capture(bin('attw'), [tarball, '--profile', 'esm-only']));
    const project = join(scratch, name.replace('/', '-'));
    await createUserProject(project, new Map([[name, tarball]]), tarballs);
    checkInstalled(name, project);
    await runReadmeExample(name, entry.folder, project);
    if (name === '@eim/benchmarks') await runReadmeExample('the repository', repositoryRoot, project);
    say(`${name}: checked in ${seconds(started)}`);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
if (failures.length > 0) {
  console.error(`Package checks failed:\n${failures.map((failure) => `  ${failure}`).join('\n')}`);
  process.exit(1);
}
console.log(`package checks: ${packages.length} packages, all good`);
