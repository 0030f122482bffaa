import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { captureNpm } from './processes.mjs';

const fileOr = (source) => (source.endsWith('.tgz') ? `file:${source}` : source);

/**
 * Runs `npm install` in a folder with a package.json, as its owner would: what this workspace publishes comes from
 * tarballs, wherever in the tree it is asked for, everything else from npm.
 */
export async function installWith(folder, tarballs) {
  const file = join(folder, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  manifest.overrides = {};
  for (const [name, tarball] of tarballs) {
    let direct = false;
    for (const kind of ['dependencies', 'devDependencies', 'peerDependencies']) {
      if (manifest[kind]?.[name] === undefined) continue;
      manifest[kind][name] = fileOr(tarball);
      direct = true;
    }
    manifest.overrides[name] = direct ? `$${name}` : fileOr(tarball);
  }
  writeFileSync(file, JSON.stringify(manifest, null, 2));
  const args = [
    'install',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    '--ignore-scripts',
    '--loglevel=error',
  ];
  const { code, stderr } = await captureNpm(args, { cwd: folder });
  if (code !== 0) throw new Error(`npm install failed in ${folder} (exit code ${code})\n${stderr}`);
}

/**
 * An empty folder with the named packages installed by npm.
 * @param wanted package name -> version or path of a tarball
 */
export async function createUserProject(folder, wanted, tarballs) {
  mkdirSync(folder, { recursive: true });
  const dependencies = Object.fromEntries([...wanted].map(([name, source]) => [name, fileOr(source)]));
  const manifest = { name: 'user-project', private: true, type: 'module', dependencies };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
  await installWith(folder, tarballs);
}
