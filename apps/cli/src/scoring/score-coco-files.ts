import {
  type CocoCaptionResult,
  type CocoCaptions,
  cocoPictures,
  readCocoCaption,
  scoreCocoCaptions,
} from '@eim/benchmarks';
import type { Terminal } from '../command/terminal.js';
import { meteorCacheFolder } from './meteor-cache-folder.js';
import { readNamedJson } from './read-named-json.js';

export interface CocoFiles {
  readonly candidates: string;
  readonly references: string;
  readonly pretokenized: boolean;
  readonly subset: boolean;
  readonly split: string | undefined;
  /** METEOR's jar or folder. */
  readonly meteor: string | undefined;
  /** SPICE's jar or folder. */
  readonly spice: string | undefined;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

export interface CocoFilesResult extends CocoCaptionResult {
  /** What coco-caption prints as CIDEr, under the name that the paper gives it. */
  readonly 'CIDEr-D': number;
  readonly SPICE?: number;
  /** Why a metric is not there, and how it would be. */
  readonly absent: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

/** The COCO Caption scores of two files, with METEOR and SPICE where their own data and program are given. */
export async function scoreCocoFiles(files: CocoFiles): Promise<CocoFilesResult> {
  const read = readCocoCaption({
    candidates: await readNamedJson(files.candidates),
    references: await readNamedJson(files.references),
    pretokenized: files.pretokenized,
    subset: files.subset,
    ...(files.split !== undefined && { split: files.split }),
  });
  const absent: Record<string, string> = {};
  const notes: string[] = [];
  const meteor = await meteorFor(files, absent, notes);
  const scores = scoreCocoCaptions(read.captions, meteor ? { meteor } : {});
  const { images, candidates, referencesPerImage, ...metrics } = scores;
  const spice = await spiceOf(files, read, absent);
  return {
    ...metrics,
    'CIDEr-D': metrics.CIDEr,
    ...(spice !== undefined && { SPICE: spice }),
    images,
    candidates,
    referencesPerImage,
    absent,
    notes,
  };
}

async function meteorFor(
  { meteor: path, terminal }: CocoFiles,
  absent: Record<string, string>,
  notes: string[],
) {
  if (path === undefined) {
    absent.METEOR =
      'needs the word lists of METEOR 1.5: give its jar by --meteor PATH or EIM_METEOR (the Python package pycocoevalcap holds it).';
    return undefined;
  }
  const { createMeteor, openMeteor } = await import('@eim/benchmarks/node');
  const files = await openMeteor(path);
  if (files.paraphraseFile === undefined) {
    notes.push(
      `METEOR is without paraphrases, which is lower than published: there is no paraphrase-en.gz beside ${path}.`,
    );
  }
  return createMeteor(files, {
    cacheFolder: meteorCacheFolder(terminal.environment),
    onNote: (note) => terminal.stderr.write(`${note}\n`),
  });
}

async function spiceOf(
  { spice, signal, terminal }: CocoFiles,
  read: CocoCaptions,
  absent: Record<string, string>,
): Promise<number | undefined> {
  if (spice === undefined) {
    absent.SPICE = 'needs its own program and Java: give spice-1.0.jar by --spice PATH or EIM_SPICE.';
    return undefined;
  }
  terminal.stderr.write('Running SPICE (minutes; it loads a parser first) ...\n');
  const { runSpice } = await import('@eim/benchmarks/node');
  const { corpus } = await runSpice(spice, cocoPictures(read), { signal });
  if (!Number.isNaN(corpus)) return corpus;
  absent.SPICE = 'its program gave a picture no score (NaN), and so would the official mean be.';
  return undefined;
}
