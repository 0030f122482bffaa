import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EimError } from '@eim/contracts';
import type { MeteorModule } from '../coco-caption/meteor/match.js';
import { Meteor } from '../coco-caption/meteor/meteor.js';
import {
  isMeteorResource,
  type MeteorResources,
  readMeteorResources,
} from '../coco-caption/meteor/resources.js';
import { openParaphrases, type ParaphraseCache } from './open-paraphrases.js';
import { readJar } from './read-jar.js';

const PARAPHRASES = 'paraphrase-en.gz';
/** METEOR's data on disk. */
export interface MeteorFiles {
  readonly resources: MeteorResources;
  /** `paraphrase-en.gz`, where it was found. */
  readonly paraphraseFile: string | undefined;
}

/**
 * Opens METEOR 1.5's own jar, or a folder that holds it or its word lists. The paraphrase table is looked for in
 * the folder, beside the jar, and under `data/` of either.
 * @throws EimError `missing-file` where a word list is absent, `invalid-file` where the jar cannot be read
 */
export async function openMeteor(path: string): Promise<MeteorFiles> {
  const isFolder = (await stat(path)).isDirectory();
  const folder = isFolder ? path : dirname(path);
  const jar = isFolder ? await findJar(path) : path;
  const files = jar === undefined ? await readWordLists(path) : readLists(jar);
  const paraphraseFile = [join(folder, PARAPHRASES), join(folder, 'data', PARAPHRASES)].find((file) =>
    existsSync(file),
  );
  return { resources: readMeteorResources(files, jar ?? path), paraphraseFile };
}

/** A METEOR with all that these files have. */
export async function createMeteor(
  { resources, paraphraseFile }: MeteorFiles,
  { modules, ...cache }: ParaphraseCache & { readonly modules?: readonly MeteorModule[] } = {},
): Promise<Meteor> {
  const wantsParaphrases = modules === undefined || modules.includes('paraphrase');
  const paraphrases =
    paraphraseFile !== undefined && wantsParaphrases
      ? await openParaphrases(paraphraseFile, cache)
      : undefined;
  return new Meteor({
    resources,
    ...(paraphrases && { paraphrases }),
    ...(modules && { modules }),
  });
}

async function findJar(folder: string): Promise<string | undefined> {
  const names = await readdir(folder);
  const jar = names.find((name) => /^meteor-.*\.jar$/i.test(name));
  return jar === undefined ? undefined : join(folder, jar);
}

function readLists(jar: string): Map<string, Uint8Array> {
  try {
    return readJar(readFileSync(jar), isMeteorResource);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).syscall !== undefined) throw cause;
    throw new EimError({
      code: 'invalid-file',
      message: `${jar} cannot be read as a jar: ${(cause as Error).message}.`,
      advice: 'Give the jar of METEOR 1.5 (meteor-1.5.jar), whole.',
      data: { file: jar },
      cause,
    });
  }
}

/** The folder's word lists, directly in it or in folders like those of the jar. */
async function readWordLists(folder: string): Promise<Map<string, Uint8Array>> {
  const names = await readdir(folder, { recursive: true });
  const wanted = names.filter((name) => isMeteorResource(name.replaceAll('\\', '/')));
  return new Map(
    await Promise.all(wanted.map(async (name) => [name, await readFile(join(folder, name))] as const)),
  );
}
