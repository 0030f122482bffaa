/**
 * What users will get: every published package is packed, linted (publint, are-the-types-wrong), installed in an empty
 * folder as its README says, and the first example of its README is run there; the repository's README's too.
 *
 *     node tools/check-packages.mjs [@eim/engine ...]
 */
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { say, seconds } from './lib/console.mjs';
import { publishedManifestFaults, sourceManifestFaults } from './lib/manifest-faults.mjs';
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

/**
 * Runs the first JavaScript block of a README in a user's project; it must print something. Files that it reads lie in
 * `src/__fixtures__/readme` of the package.
 */
async function runReadmeExample(name, folder, project) {
  const text = readFileSync(join(folder, 'README.md'), 'utf8');
  const example = /```(?:js|ts)\n([\s\S]*?)```/.exec(text)?.[1];
  if (example === undefined) return failures.push(`${name}: its README has no example`);
  writeFileSync(join(project, 'example.mjs'), example);
  const files = join(folder, 'src/__fixtures__/readme');
  if (existsSync(files)) cpSync(files, project, { recursive: true });
  const outcome = await capture(process.execPath, ['example.mjs'], { cwd: project });
  record(name, 'README example', outcome);
  if (outcome.stdout === '') failures.push(`${name}: its README's example prints nothing`);
}

/** The packages of a README's first `npm install`: ours from tarballs, others as the package itself asks for them. */
function installLine({ manifest, folder }, tarballs) {
  const words = /^npm install (.*)$/m.exec(readFileSync(join(folder, 'README.md'), 'utf8'))?.[1].split(/\s+/);
  if (!words?.includes(manifest.name))
    throw new Error(`${manifest.name}: its README does not say how to install it`);
  const ranges = { ...manifest.devDependencies, ...manifest.dependencies, ...manifest.peerDependencies };
  const version = (name) => tarballs.get(name) ?? (/^[\^\d]/.test(ranges[name] ?? '') ? ranges[name] : '*');
  return new Map(words.map((name) => [name, version(name)]));
}

/** What npm unpacked: no tests, and nothing that means something in this repository only. */
function checkInstalled(name, project) {
  const folder = join(project, 'node_modules', name);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  const strays = files.filter((file) => /\.test\.|__fixtures__|^src/.test(file));
  if (strays.length > 0) failures.push(`${name}: packs ${strays.slice(0, 3).join(', ')}`);
  if (!files.includes('LICENSE')) failures.push(`${name}: packs no LICENSE`);
  for (const file of files)
    if (readFileSync(join(folder, file), 'utf8').includes('shared/data'))
      failures.push(`${name}: ${file} names the folder shared/data, which nobody else has`);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  for (const fault of publishedManifestFaults(manifest)) failures.push(`${name}: ${fault}`);
}

/** Bytes of all files below a folder. */
const bytesBelow = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

/** The scores alone are small, and their types need nothing else, not even the platform's. */
async function checkBenchmarksAlone(project) {
  const bytes = bytesBelow(join(project, 'node_modules'));
  if (bytes > 2e6) failures.push(`@eim/benchmarks: installs ${(bytes / 1e6).toFixed(1)} MB (2 MB wanted)`);
  const compilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    module: 'nodenext',
    target: 'es2022',
    lib: ['es2022'],
    types: [],
  };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['all.ts'] }));
  const entries = ['@eim/benchmarks', '@eim/benchmarks/meteor', '@eim/benchmarks/node', '@eim/contracts'];
  writeFileSync(
    join(project, 'all.ts'),
    entries.map((entry, index) => `export * as entry${index} from '${entry}';`).join('\n'),
  );
  record('@eim/benchmarks', 'types in an empty project', await capture(bin('tsc'), ['-p', project]));
}

/** Without sharp the error says what to install. */
async function checkWithoutSharp(project) {
  const script = `import { decodePicture } from '@eim/images/decode';
decodePicture(Buffer.from('GIF89a'), 'a.gif').catch((error) => console.log(error.code, error.advice));`;
  writeFileSync(join(project, 'without-sharp.mjs'), script);
  const { stdout } = await capture(process.execPath, ['without-sharp.mjs'], { cwd: project });
  if (!/^missing-package .*npm install sharp/.test(stdout))
    failures.push(`@eim/images: without sharp it says '${stdout.trim()}'`);
}

/** What only one package promises, checked where it is installed alone. */
const PROMISES = { '@eim/benchmarks': checkBenchmarksAlone, '@eim/images': checkWithoutSharp };

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
    for (const fault of sourceManifestFaults(entry)) failures.push(`${name}: ${fault}`);
    const tarball = tarballs.get(name);
    record(name, 'publint', await capture(bin('publint'), [tarball, '--strict']));
    record(name, 'are-the-types-wrong', await capture(bin('attw'), [tarball, '--profile', 'esm-only']));
    const alone = join(scratch, `${name.replace('/', '-')}-alone`);
    if (PROMISES[name]) {
      await createUserProject(alone, new Map([[name, tarball]]), tarballs);
      await PROMISES[name](alone);
    }
    const project = join(scratch, name.replace('/', '-'));
    await createUserProject(project, installLine(entry, tarballs), tarballs);
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
