import { open } from 'node:fs/promises';
import { EimError } from '@eim/contracts';

/** The largest published `tokenizer.json` have 35 MB. */
const MAXIMUM_BYTES = 2 ** 28;

/** @throws EimError `missing-file` or `invalid-file` */
export async function readTokenizerFile(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r').catch((cause: NodeJS.ErrnoException) => {
    const missing = cause.code === 'ENOENT' || cause.code === 'ENOTDIR';
    throw new EimError({
      code: missing ? 'missing-file' : 'invalid-file',
      message: missing ? `${path} does not exist.` : `${path} cannot be read: ${cause.message}.`,
      data: { file: path },
      cause,
    });
  });
  try {
    const stat = await file.stat();
    const fault = !stat.isFile()
      ? 'is not a file'
      : stat.size > MAXIMUM_BYTES
        ? `has ${stat.size} bytes, too many for a tokenizer`
        : undefined;
    if (fault)
      throw new EimError({ code: 'invalid-file', message: `${path} ${fault}.`, data: { file: path } });
    return await file.readFile();
  } finally {
    await file.close();
  }
}
