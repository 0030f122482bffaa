import { EimError } from '@eim/contracts';

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be larger than allowed',
  EACCES: 'permission was denied',
  EPERM: 'the operation is not permitted',
  EROFS: 'the file system is read-only',
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a part of its path is not a folder',
  EISDIR: 'it is a folder',
  EMFILE: 'too many files are open',
  EIO: 'the disk reported an error',
};

/** What the operating system said, in words. */
export function systemReason(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  const words = code === undefined ? undefined : REASONS[code];
  return words ? `${words} (${code})` : (message ?? String(cause));
}

/** The error for a file that could not be written. */
export function storageError(path: string, state: string, cause: unknown): EimError {
  return new EimError({
    code: 'storage-failed',
    message: `Could not write ${path}: ${systemReason(cause)}.`,
    advice: state,
    data: { file: path, reason: (cause as NodeJS.ErrnoException).code },
    cause,
  });
}
