import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { EimError } from '@eim/contracts';
import { writeFileAtomically } from '@eim/weights/node';
import { completeContext, type RunsContext } from '../../context.js';
import { WEB_MANIFEST_FILE, type WebManifest } from '../../in-page/web-manifest.js';
import { isRun } from '../../listing/find-runs.js';
import { requireModelPath } from '../../models/require-model-path.js';
import type { ModelSpec } from '../../published/load-published.js';
import { RunFolder } from '../../run-folder/run-folder.js';
import { PagePackages } from './page-packages.js';
import { ShardWriter } from './shard-writer.js';
import { writeWebLlm } from './web-llm.js';
import { writeWebRun } from './web-run.js';

export interface ExportWebOptions extends RunsContext {
  /** A run, published weights, or the name of a model that was pulled. */
  readonly model: ModelSpec;
  /** Folder of the built page, as `pageFolder('exported')` of @eim/server names it. */
  readonly page: string;
  /** The folder to write, which must not be there, or be empty. */
  readonly out: string;
}

/** What was written. */
export interface ExportedWeb {
  readonly out: string;
  readonly target: 'web';
  readonly files: number;
  readonly bytes: number;
}

/** For hosts that read their headers from this file (Netlify, Cloudflare Pages): threads need an isolated page. */
const HEADERS = `/*
  Cross-Origin-Opener-Policy: same-origin
  Cross-Origin-Embedder-Policy: require-corp
`;

/**
 * Writes a static folder with which a browser captions and chats without a server: the page, the engine, and the model's weights
 * in shards, in the form they are kept in.
 * @throws EimError `invalid-argument` where the folder holds something; `plugin-not-found` for a model of a package that the page
 * does not have; naming what is wrong with the model
 * @example
 * await exportWeb({ packages, model: { path: 'runs/demo-eim' }, page: pageFolder('exported'), out: 'site' });
 */
export async function exportWeb(options: ExportWebOptions): Promise<ExportedWeb> {
  const context = completeContext(options);
  const out = resolve(context.workingFolder, options.out);
  await refuseContents(out);
  const path = requireModelPath(options.model.path, context);
  const unfinished = `${out}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(dirname(out), { recursive: true });
  try {
    await cp(options.page, unfinished, { recursive: true });
    const page = await filesBelow(unfinished);
    const packages = await PagePackages.read(options.page);
    const writer = new ShardWriter(unfinished);
    const contents = isRun(path)
      ? await writeWebRun(RunFolder.open(path), writer, packages, context)
      : await writeWebLlm({ ...options.model, path }, writer, packages, context);
    const described = { name: basename(options.model.path), page, contents, files: writer.files };
    const version = createHash('sha256').update(JSON.stringify(described)).digest('hex').slice(0, 16);
    const manifest: WebManifest = { format: 'eim-web', formatVersion: 1, version, ...described };
    await writeFileAtomically(join(unfinished, WEB_MANIFEST_FILE), `${JSON.stringify(manifest)}\n`);
    await writeFileAtomically(join(unfinished, '_headers'), HEADERS);
    await rm(out, { recursive: true, force: true });
    await rename(unfinished, out);
    const shards = Object.values(writer.files).flatMap((file) => file.shards);
    return {
      out,
      target: 'web',
      files: (await filesBelow(out)).length,
      bytes: shards.reduce((sum, { size }) => sum + size, 0),
    };
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
}

async function refuseContents(out: string): Promise<void> {
  const names = existsSync(out) ? await readdir(out).catch(() => ['']) : [];
  if (names.length === 0) return;
  throw new EimError({
    code: 'invalid-argument',
    message: `${out} is there and not empty.`,
    advice: 'Name another folder by --out, or take it away.',
    data: { folder: out },
  });
}

/** Paths of all files, from the folder on, with slashes. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}
