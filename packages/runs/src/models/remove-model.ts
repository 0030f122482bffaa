import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { EimError } from '@eim/contracts';
import { writeFileAtomically } from '@eim/weights/node';
import type { Environment } from '../context.js';
import { discardWork, WorkFolder } from './download/work-folder.js';
import { HubCache } from './hub/hub-cache.js';
import { hubCache } from './hub/hub-settings.js';
import { allInstallations, type Installation, manifestFile, readInstallation } from './installed/manifest.js';
import { requireModelName } from './model-name.js';
import { modelsFolder } from './models-folder.js';

/** What was deleted. */
export interface RemovedModel {
  readonly name: string;
  /** Of its files, and of what was fetched of it and never completed. */
  readonly bytes: number;
  /** Files that stay, since another program put them into the hub's cache; null where all are gone. */
  readonly kept: string | null;
}

/**
 * Deletes a model that was pulled, and what an unfinished pull left of it. Files in the hub's cache go only if they were
 * fetched for it, and if no other commit there shares them.
 * @throws EimError `missing-file` where there is nothing of it, `invalid-argument` for an unknown name
 *
 * @example
 * await removeModel('smollm2-135m-instruct', { environment: process.env }); // { bytes: 98362432, ... }
 */
export async function removeModel(
  name: string,
  { environment = {} }: { readonly environment?: Environment } = {},
): Promise<RemovedModel> {
  const { folderName, source } = requireModelName(name);
  const home = join(modelsFolder(environment), folderName);
  const installation = readInstallation(home);
  let bytes = await discardWork(home);
  if (source.kind === 'hub') bytes += await new HubCache(hubCache(environment), source).discardWork();
  if (!existsSync(home) && bytes === 0) {
    throw new EimError({
      code: 'missing-file',
      message: `The model ${name} was not pulled.`,
      advice: '`eim models` lists what was.',
      data: { name },
    });
  }
  if (existsSync(home)) {
    // One rename, so that no half of it can be taken for the whole.
    const work = await WorkFolder.claim(home);
    await rename(home, join(work.path, 'removed'));
    await work.remove();
  }
  if (installation === undefined) return { name, bytes, kept: null };
  const { owned, files, folder, version } = installation.manifest;
  if (!owned || (await passOn(installation, environment))) return { name, bytes, kept: folder };
  // The cache in which it lies may be another one than the environment names today.
  if (source.kind === 'hub') await new HubCache(resolve(folder, '../../..'), source).remove(version);
  return { name, bytes: bytes + files.reduce((sum, file) => sum + file.bytes, 0), kept: null };
}

/** Leaves files to another model that lies in the same folder of the hub's cache. @returns whether there is one */
async function passOn({ manifest }: Installation, environment: Environment): Promise<boolean> {
  if (!isAbsolute(manifest.folder)) return false;
  const heir = allInstallations(environment).find((each) => each.manifest.folder === manifest.folder);
  if (heir === undefined) return false;
  await writeFileAtomically(manifestFile(heir.home), JSON.stringify({ ...heir.manifest, owned: true }));
  return true;
}
