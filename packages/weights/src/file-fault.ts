import { EimError } from '@eim/contracts';

const DAMAGED = 'The file is damaged or is not what its name says; copy or download it again.';

/** A file that is sound, and says or asks for what is not read. The message is a clause after the file's name. */
export class UnreadFault extends RangeError {
  constructor(
    message: string,
    /** What to do, in place of getting the file again. */
    readonly advice: string,
  ) {
    super(message);
  }
}

/**
 * The error for a file that is not what it should be.
 * @param fault a clause after the file's name
 * @param cause of {@link UnreadFault}, the file is not called damaged
 */
export function fileFault(
  file: string,
  fault: string,
  data: Readonly<Record<string, unknown>> = {},
  cause?: unknown,
): EimError {
  return new EimError({
    code: 'invalid-file',
    message: `${file}: ${fault}.`,
    advice: cause instanceof UnreadFault ? cause.advice : DAMAGED,
    data: { file, ...data },
    cause,
  });
}
