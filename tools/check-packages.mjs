/**
 * What users will get: every published package is packed, linted (publint, are-the-types-wrong), installed alone
 * in an empty folder with npm, and the first example of its README is run there.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** The first JavaScript block of a README; it must run with the package and its peers alone. */
function readmeExample(folder) {
  const text = readFileSync(join(folder, 'README.md'), 'utf8');
  return /```(?:js|ts)\n([\s\S]*?)```/.exec(text)?.[1];
}

function checkManifest({ manifest, folder }) {
  const scripts = Object.keys(manifest.scripts ?? {}).filter((name) =>
    /^(pre|post)?install$|^prepare$/.test(name),
  );
  if (scripts.length > 0) failures.push(`${manifest.name}: has an install script (${scripts.join(', ')})`);
  readFileSync(join(folder, 'LICENSE'));
}

const scratch = mkdtempSync(join(tmpdir(), 'eim-packages-'));
try {
  say('Packing ...');
  const tarballs = await packAll(join(scratch, 'tarballs'));
  for (const entry of publishedPackages()) {
    const { name } = entry.manifest;
    const started = performance.now();
    checkManifest(entry);
    const tarball = tarballs.get(name);
    record(name, 'publint', await capture(bin('publint'), [tarball, '--strict']));
    record(name, 'are-the-types-wrong', await capture(bin('attw'), [tarball, '--profile', 'esm-only']));
    const project = join(scratch, name.replace('/', '-'));
    await createUserProject(project, new Map([[name, tarball]]), tarballs);
    const example = readmeExample(entry.folder);
    if (example === undefined) failures.push(`${name}: its README has no example`);
    else {
      writeFileSync(join(project, 'example.mjs'), example);
      record(name, 'README example', await capture(process.execPath, ['example.mjs'], { cwd: project }));
    }
    say(`${name}: checked in ${seconds(started)}`);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
if (failures.length > 0) {
  console.error(`Package checks failed:\n${failures.map((failure) => `  ${failure}`).join('\n')}`);
  process.exit(1);
}
console.log(`package checks: ${publishedPackages().length} packages, all good`);
