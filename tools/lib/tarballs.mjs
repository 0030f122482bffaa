import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pnpm } from './processes.mjs';
import { publishedPackages } from './workspace.mjs';

/**
 * Packs every published package as `pnpm publish` would.
 * @returns package name -> path of its tarball
 */
export async function packAll(destination) {
  mkdirSync(destination, { recursive: true });
  const packages = publishedPackages();
  const filters = packages.flatMap(({ manifest }) => ['--filter', manifest.name]);
  const code = await pnpm([...filters, '-r', 'exec', 'pnpm', 'pack', '--pack-destination', destination], {
    stdio: ['ignore', 'ignore', 2],
  });
  if (code !== 0) throw new Error(`packing failed (exit code ${code})`);
  const files = readdirSync(destination);
  return new Map(
    packages.map(({ manifest }) => {
      const file = `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`;
      if (!files.includes(file)) throw new Error(`${manifest.name} was not packed: ${file} is missing`);
      return [manifest.name, join(destination, file)];
    }),
  );
}
