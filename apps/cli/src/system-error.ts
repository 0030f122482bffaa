import { EimError, type EimErrorCode } from '@eim/contracts';

const MEANINGS: Readonly<Record<string, { code: EimErrorCode; text: string; advice: string }>> = {
  ENOENT: { code: 'missing-file', text: 'does not exist', advice: 'Check the path.' },
  ENOTDIR: { code: 'missing-file', text: 'is not a folder', advice: 'Check the path.' },
  EISDIR: { code: 'invalid-argument', text: 'is a folder, not a file', advice: 'Give a file.' },
  EACCES: {
    code: 'storage-failed',
    text: 'may not be read or written by you',
    advice: 'Check its permissions.',
  },
  EPERM: {
    code: 'storage-failed',
    text: 'may not be read or written by you',
    advice: 'Check its permissions.',
  },
  EROFS: {
    code: 'storage-failed',
    text: 'is on a read-only disk',
    advice: 'Choose another folder with --out.',
  },
  ENOSPC: {
    code: 'storage-failed',
    text: 'could not be written: the disk is full',
    advice: 'Free some space.',
  },
  EDQUOT: {
    code: 'storage-failed',
    text: 'could not be written: your quota is used up',
    advice: 'Free some space.',
  },
  EFBIG: {
    code: 'storage-failed',
    text: 'could not be written: too large for this disk',
    advice: 'Free some space.',
  },
};

/** Turns an error of the operating system about a file into one that names the file; other errors stay unchanged. */
export function explainSystemError(error: unknown): unknown {
  if (EimError.isInstance(error) || !(error instanceof Error)) return error;
  const { code, path } = error as NodeJS.ErrnoException;
  const meaning = code === undefined ? undefined : MEANINGS[code];
  if (!meaning) return error;
  return new EimError({
    code: meaning.code,
    message: `${path ?? 'A file'} ${meaning.text}.`,
    advice: meaning.advice,
    data: { path, system: code },
    cause: error,
  });
}
