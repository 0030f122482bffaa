import { readFile } from 'node:fs/promises';
import { EimError } from '@eim/contracts';

/**
 * A JSON file.
 * @throws EimError `invalid-file` naming the file and the place; system errors unchanged
 */
export async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8');
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new EimError({
      code: 'invalid-file',
      message: `${path} is not valid JSON: ${(cause as Error).message}.`,
      advice: 'A file that was cut off while downloading ends like this too.',
      data: { file: path },
      cause,
    });
  }
}
