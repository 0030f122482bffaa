import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { captureNpm } from './processes.mjs';

/**
 * An empty folder with the named packages installed by npm, as a user would have it: what the workspace
 * publishes comes from tarballs, everything else from npm.
 * @param wanted package name -> version or path of a tarball
 * @param tarballs what transitive dependencies of that name resolve to
 */
export async function createUserProject(folder, wanted, tarballs) {
  mkdirSync(folder, { recursive: true });
  const file = (path) => (path.endsWith('.tgz') ? `file:${path}` : path);
  const dependencies = Object.fromEntries([...wanted].map(([name, source]) => [name, file(source)]));
  const overrides = Object.fromEntries(
    [...tarballs].map(([name, path]) => [name, name in dependencies ? `$${name}` : file(path)]),
  );
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'user-project', private: true, type: 'module', dependencies, overrides }, null, 2),
  );
  const { code, stderr } = await captureNpm(
    ['install', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts', '--loglevel=error'],
    { cwd: folder },
  );
  if (code !== 0) throw new Error(`npm install failed (exit code ${code})\n${stderr}`);
}
