import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { composeSceneFiles, type SceneFolderOptions, type SceneLayout } from '@eim/datasets';
import { encodePng } from '@eim/report';
import { writeFileAtomically } from '@eim/weights/node';
import { completeContext, type RunsContext } from '../../context.js';
import { replaceFolder, requireReplaceable } from './replace-folder.js';

/** Pictures written at a time: each waits for the disk. */
const AT_ONCE = 16;

export interface WriteSceneFolderOptions extends SceneFolderOptions, Omit<RunsContext, 'packages'> {
  /** Whether a folder of scenes that is there already is written anew. @default false */
  readonly overwrite?: boolean | undefined;
}

/** A folder of scenes that has been written. */
export interface WrittenSceneFolder {
  readonly folder: string;
  readonly layout: SceneLayout;
  readonly pictures: number;
  /** Names of the text files, in their order, with their numbers of lines. */
  readonly lines: Readonly<Record<string, number>>;
}

/**
 * Writes generated scenes as files of a published layout, as `composeSceneFiles` of `@eim/datasets` describes them. The folder
 * comes into being whole: until then, the files lie in another beside it.
 * @throws EimError `invalid-argument` for wrong options, and where the folder holds something already: it is replaced with
 * `overwrite`, if it is one of scenes
 * @example
 * const { folder } = await writeSceneFolder('scenes-mme', { layout: 'mme', seed: 3 });
 */
export async function writeSceneFolder(
  path: string,
  {
    overwrite = false,
    layout,
    count,
    splits,
    seed,
    testCombinations,
    imageSize,
    noise,
    ...shared
  }: WriteSceneFolderOptions,
): Promise<WrittenSceneFolder> {
  const { signal, onProgress, workingFolder } = completeContext({ ...shared, packages: {} });
  const { pictures, texts } = composeSceneFiles({
    layout,
    count,
    splits,
    seed,
    testCombinations,
    imageSize,
    noise,
  });
  const folder = resolve(workingFolder, path);
  await requireReplaceable(folder, overwrite);
  await replaceFolder(folder, async (inside) => {
    const folders = new Set(pictures.map((picture) => dirname(picture.path)));
    for (const name of folders) await mkdir(join(inside, name), { recursive: true });
    const queue = pictures.values();
    let done = 0;
    const writers = Array.from({ length: AT_ONCE }, async () => {
      for (const picture of queue) {
        signal.throwIfAborted();
        await writeFileAtomically(join(inside, picture.path), encodePng(picture.draw()));
        done++;
        const detail = `picture ${done}/${pictures.length}`;
        onProgress({ label: 'scenes', done, total: pictures.length, detail });
      }
    });
    const ended = await Promise.allSettled(writers);
    for (const end of ended) if (end.status === 'rejected') throw end.reason;
    signal.throwIfAborted();
    for (const [name, text] of texts) await writeFileAtomically(join(inside, name), text);
  });
  const lines = [...texts].map(([name, text]) => [name, text.split('\n').length - 1] as const);
  return { folder, layout, pictures: pictures.length, lines: Object.fromEntries(lines) };
}
