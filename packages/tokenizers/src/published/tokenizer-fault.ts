import { EimError } from '@eim/contracts';

/** The error for a vocabulary that is not what it should be. The fault is a clause after the file's name. */
export function tokenizerFault(file: string, fault: string, cause?: unknown): EimError {
  return new EimError({
    code: 'invalid-file',
    message: `${file}: ${fault}.`,
    advice: 'The file is damaged or is not a tokenizer of this kind; copy or download it again.',
    data: { file },
    cause,
  });
}

/** The error for an id that a vocabulary does not have. */
export function unknownId(id: number, size: number): EimError {
  return new EimError({
    code: 'invalid-argument',
    message: `The vocabulary of ${size} tokens has none with the id ${id}.`,
    data: { id },
  });
}
