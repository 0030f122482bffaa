import { EimError } from '@eim/contracts';

/** @throws EimError `invalid-data` naming the file and the position */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (cause) {
    throw new EimError({
      code: 'invalid-data',
      message: `${file} is not valid JSON: ${(cause as Error).message}.`,
      advice: 'It may be cut off; copy or download it again.',
      data: { file },
      cause,
    });
  }
}
