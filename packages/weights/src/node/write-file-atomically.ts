import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EimError } from '@eim/contracts';
import { storageError } from './storage-error.js';

/** What a file is written from: text, bytes, or pieces that are never in memory all at once. */
export type FileContents = string | Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * Writes a file so that at any moment, a crash included, the path holds either the earlier file or the whole
 * new one: into a temporary file of the same folder, forced to disk, then renamed. The folder must exist.
 * @throws EimError `storage-failed` naming the file and the reason; the earlier file is as it was, and the
 * temporary file is gone. An EimError thrown by the contents themselves passes through.
 */
export async function writeFileAtomically(path: string, contents: FileContents): Promise<void> {
  const temporary = join(
    dirname(path),
    `.${basename(path)}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`,
  );
  try {
    await writeWhole(temporary, contents);
    await rename(temporary, path);
  } catch (cause) {
    await unlink(temporary).catch(() => undefined); // it may never have come into being
    if (EimError.isInstance(cause)) throw cause;
    throw storageError(
      path,
      existsSync(path) ? 'The earlier file is intact.' : 'Nothing was left behind.',
      cause,
    );
  }
  await syncFolder(dirname(path));
}

async function writeWhole(path: string, contents: FileContents): Promise<void> {
  const file = await open(path, 'wx');
  try {
    if (typeof contents === 'string') await writeAll(file, new TextEncoder().encode(contents));
    else if (contents instanceof Uint8Array) await writeAll(file, contents);
    else for await (const chunk of contents) await writeAll(file, chunk);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A write may take fewer bytes than it was given; what is left is written again. */
async function writeAll(file: Awaited<ReturnType<typeof open>>, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    at += (await file.write(bytes, at, Math.min(bytes.length - at, 2 ** 30))).bytesWritten;
  }
}

/**
 * Makes the rename itself durable where the file system can. The file is whole either way, and some systems
 * (Windows, network folders) refuse to open or sync a folder, so a refusal is not a failure to write.
 */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}
