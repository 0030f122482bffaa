import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { REPOSITORY } from './run-eim.js';

const quotedAddress = (path: string): string => JSON.stringify(pathToFileURL(path).href);

/** Addresses, as strings of a program, of what packages in these tests import. */
export const ADDRESSES = {
  core: quotedAddress(join(REPOSITORY, 'packages/eim-core/dist/index.js')),
  coreTesting: quotedAddress(join(REPOSITORY, 'packages/eim-core/dist/testing/index.js')),
  datasets: quotedAddress(join(REPOSITORY, 'packages/datasets/dist/node/index.js')),
  tensors: quotedAddress(createRequire(import.meta.url).resolve('@tensorflow/tfjs-core')),
  zod: quotedAddress(createRequire(join(REPOSITORY, 'packages/datasets/package.json')).resolve('zod')),
};

/** Puts a package of one file beside the configs of a folder, where the command finds it by its name. */
export function installPackage(folder: string, name: string, program: string): void {
  const home = join(folder, 'node_modules', name);
  mkdirSync(home, { recursive: true });
  const manifest = { name, version: '1.0.0', type: 'module', exports: './index.js' };
  writeFileSync(join(home, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(home, 'index.js'), program);
}
