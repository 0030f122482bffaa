import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInflateRaw } from 'node:zlib';
import { EimError } from '@eim/contracts';
import { type RandomAccessSource, type ZipEntry, zipDataStart } from '@eim/weights';
import { storageError } from '@eim/weights/node';

/**
 * Writes a file of an archive to disk, and forces it there.
 * @param archive path of the archive, whose directory `source` was read from
 * @returns its SHA-256
 * @throws EimError `invalid-file` where it is packed in an unknown way or has another length than it says
 */
export async function unpackEntry(
  archive: string,
  source: RandomAccessSource,
  entry: ZipEntry,
  target: string,
  { signal, onBytes }: { readonly signal: AbortSignal; readonly onBytes: (bytes: number) => void },
): Promise<string> {
  const { name, packedLength, byteLength, stored, deflated } = entry;
  if (!stored && !deflated)
    throw damaged(source.name, `"${name}" in it is packed in a way that is not known`);
  const start = await zipDataStart(source, entry);
  const hash = createHash('sha256');
  let written = 0;
  await mkdir(dirname(target), { recursive: true });
  const file = await open(target, 'w');
  try {
    for await (const chunk of unpacked(archive, start, packedLength, deflated, source.name)) {
      signal.throwIfAborted();
      written += chunk.length;
      if (written > byteLength) throw damaged(source.name, `"${name}" in it is longer than it says`);
      hash.update(chunk);
      await file.writeFile(chunk);
      onBytes(chunk.length);
    }
    if (written !== byteLength) throw damaged(source.name, `"${name}" in it is shorter than it says`);
    await file.sync();
  } catch (cause) {
    signal.throwIfAborted();
    if (EimError.isInstance(cause)) throw cause;
    throw storageError(target, 'The archive is kept, so that nothing has to be fetched again.', cause);
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}

async function* unpacked(
  archive: string,
  start: number,
  length: number,
  deflated: boolean,
  name: string,
): AsyncGenerator<Uint8Array> {
  if (length === 0) return;
  const packed = createReadStream(archive, { start, end: start + length - 1, highWaterMark: 1 << 20 });
  if (!deflated) return yield* packed;
  const inflate = createInflateRaw({ chunkSize: 1 << 18 });
  packed.on('error', (error) => inflate.destroy(error));
  packed.pipe(inflate);
  try {
    yield* inflate;
  } catch (cause) {
    if (/^Z_/.test((cause as NodeJS.ErrnoException).code ?? ''))
      throw damaged(name, 'a file in it is damaged', cause);
    throw cause;
  } finally {
    packed.destroy();
  }
}

function damaged(archive: string, clause: string, cause?: unknown): EimError {
  return new EimError({
    code: 'invalid-file',
    message: `${archive}: ${clause}.`,
    advice: 'Tell whoever published it.',
    data: { file: archive },
    cause,
  });
}
