import { open } from 'node:fs/promises';
import { EimError } from '@eim/contracts';
import type { RandomAccessSource } from '../random-access-source.js';
import { systemReason } from './storage-error.js';

/** The most that one read of the operating system is asked for. */
const READ_BYTES = 2 ** 30;

/**
 * Opens a file for reading by range. Close it when done.
 * @throws EimError `missing-file` or `invalid-file`
 */
export async function openFile(path: string): Promise<Required<RandomAccessSource>> {
  const handle = await open(path, 'r').catch((cause: NodeJS.ErrnoException) => {
    const missing = cause.code === 'ENOENT';
    throw new EimError({
      code: missing ? 'missing-file' : 'invalid-file',
      message: missing ? `${path} does not exist.` : `${path} cannot be read: ${systemReason(cause)}.`,
      data: { file: path },
      cause,
    });
  });
  const stat = await handle.stat();
  if (!stat.isFile()) {
    await handle.close();
    throw new EimError({ code: 'invalid-file', message: `${path} is not a file.`, data: { file: path } });
  }
  const readInto = async (offset: number, bytes: Uint8Array): Promise<void> => {
    for (let at = 0; at < bytes.length; ) {
      const wanted = Math.min(bytes.length - at, READ_BYTES);
      const { bytesRead } = await handle.read(bytes, at, wanted, offset + at);
      if (bytesRead === 0) {
        throw new EimError({
          code: 'invalid-file',
          message: `${path} ends at byte ${offset + at}, ${bytes.length - at} bytes early.`,
          advice: 'It changed or was cut off while it was read.',
          data: { file: path, offset, length: bytes.length },
        });
      }
      at += bytesRead;
    }
  };
  return {
    name: path,
    size: stat.size,
    readInto,
    async read(offset, length) {
      const bytes = new Uint8Array(length);
      await readInto(offset, bytes);
      return bytes;
    },
    close: () => handle.close(),
  };
}
