import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { KeptWeights } from '../../saved-model/model-description.js';
import { hashFile } from '../checkpoints/hash-file.js';

/** What describes weights, and what holds them, in every published layout. */
const WEIGHT_FILES = /\.(json|safetensors|bin|pt|pth|gguf|model|txt)$/i;

/**
 * Keeps the published weights that a part started from: their copy in the folder of the model, or where they lie and what
 * they are.
 * @param name of the copy, inside the folder
 */
export async function keepWeights(
  path: string,
  how: KeptWeights['kept'],
  folder: string,
  name: string,
): Promise<KeptWeights> {
  const source = resolve(path);
  const isFolder = (await stat(source)).isDirectory();
  const names = isFolder ? (await readdir(source)).filter((file) => WEIGHT_FILES.test(file)).sort() : [''];
  const files: Record<string, string> = {};
  for (const file of names) files[file] = await hashFile(file === '' ? source : join(source, file));
  if (how === 'reference') return { kept: how, path: source, files };
  // A single file stays under its own name, which tells some readers its format.
  const target = isFolder ? name : join(name, basename(source));
  await copyWhole(source, names, join(folder, name), isFolder);
  return { kept: how, path: target, files };
}

/** Copies into a folder that has its name only once it is whole. */
async function copyWhole(source: string, names: readonly string[], target: string, isFolder: boolean) {
  const unfinished = `${target}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  for (const name of names) {
    const from = isFolder ? join(source, name) : source;
    const to = join(unfinished, isFolder ? name : basename(source));
    // Shares blocks where the file system can.
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  }
  await rm(target, { recursive: true, force: true });
  await rename(unfinished, target);
}
