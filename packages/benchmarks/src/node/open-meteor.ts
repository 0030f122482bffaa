import { createReadStream, existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { EimError } from '@eim/core/contracts';
import { unzipSync } from 'fflate';
import type { MeteorModule } from '../coco-caption/meteor/match.js';
import { Meteor, meteorVocabulary } from '../coco-caption/meteor/meteor.js';
import type { Paraphrases } from '../coco-caption/meteor/paraphrases.js';
import { readParaphrases } from '../coco-caption/meteor/read-paraphrases.js';
import {
  isMeteorResource,
  type MeteorResources,
  readMeteorResources,
} from '../coco-caption/meteor/resources.js';
import type { TokenisedPicture } from '../coco-caption/tokenised-picture.js';

const PARAPHRASES = 'paraphrase-en.gz';
/** Of the decompressed table at a time. */
const PIECE_BYTES = 2 ** 22;

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
  const files = jar === undefined ? await readWordLists(path) : await readJar(jar);
  const paraphraseFile = [join(folder, PARAPHRASES), join(folder, 'data', PARAPHRASES)].find((file) =>
    existsSync(file),
  );
  return { resources: readMeteorResources(files, jar ?? path), paraphraseFile };
}

/** A METEOR for these captions: of the paraphrase table only what they need is kept. */
export async function createMeteor(
  { resources, paraphraseFile }: MeteorFiles,
  pictures: readonly TokenisedPicture[],
  { modules }: { modules?: readonly MeteorModule[] } = {},
): Promise<Meteor> {
  const wantsParaphrases = modules === undefined || modules.includes('paraphrase');
  const paraphrases =
    paraphraseFile !== undefined && wantsParaphrases
      ? await readTable(paraphraseFile, meteorVocabulary(pictures, resources))
      : undefined;
  return new Meteor({
    resources,
    ...(paraphrases && { paraphrases }),
    ...(modules && { modules }),
  });
}

async function readTable(file: string, vocabulary: ReadonlySet<string>): Promise<Paraphrases> {
  try {
    return await pipeline(
      createReadStream(file),
      createGunzip({ chunkSize: PIECE_BYTES }),
      (table: AsyncIterable<Uint8Array>) => readParaphrases(table, vocabulary),
    );
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).syscall !== undefined) throw cause;
    throw new EimError({
      code: 'invalid-file',
      message: `${file} cannot be read as METEOR's table of paraphrases: ${(cause as Error).message}.`,
      advice: 'The file was cut off, perhaps while it was copied: get it whole.',
      data: { file },
      cause,
    });
  }
}

async function findJar(folder: string): Promise<string | undefined> {
  const names = await readdir(folder);
  const jar = names.find((name) => /^meteor-.*\.jar$/i.test(name));
  return jar === undefined ? undefined : join(folder, jar);
}

async function readJar(jar: string): Promise<Map<string, Uint8Array>> {
  try {
    return new Map(
      Object.entries(unzipSync(await readFile(jar), { filter: ({ name }) => isMeteorResource(name) })),
    );
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
