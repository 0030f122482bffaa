import { readFile } from 'node:fs/promises';
import { writeFileAtomically } from '@eim/weights/node';
import type { WorkFolder } from './work-folder.js';

/** Which file a work folder holds a part of. */
export interface AboutData {
  readonly url?: string | undefined;
  /** The hash that the whole has to have. */
  readonly hash?: string | undefined;
  /** The server's own name for this version of the file. */
  readonly validator?: string | undefined;
}

/** Empty where nothing is known. */
export async function readAbout(work: WorkFolder): Promise<AboutData> {
  try {
    return JSON.parse(await readFile(work.about, 'utf8')) as AboutData;
  } catch {
    return {};
  }
}

export async function writeAbout(work: WorkFolder, about: AboutData): Promise<void> {
  await writeFileAtomically(work.about, JSON.stringify(about));
}
