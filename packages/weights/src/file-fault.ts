import { EimError } from '@eim/contracts';

/** The error for a file that is not what it should be. The fault is a clause after the file's name. */
export function fileFault(
  file: string,
  fault: string,
  data: Readonly<Record<string, unknown>> = {},
  cause?: unknown,
): EimError {
  return new EimError({
    code: 'invalid-file',
    message: `${file}: ${fault}.`,
    advice: 'The file is damaged or is not what its name says; copy or download it again.',
    data: { file, ...data },
    cause,
  });
}
