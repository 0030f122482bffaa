import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { EimError } from '@eim/contracts';
import { storageError } from '@eim/weights/node';
import { readAbout, writeAbout } from './about-data.js';
import type { ExpectedHash } from './file-hash.js';
import type { Network } from './network.js';
import { networkError, shownAddress } from './network-error.js';
import { requestFrom, type SentPart } from './partial-request.js';
import type { WorkFolder } from './work-folder.js';

export interface Download {
  readonly url: string;
  /** Bytes, where they are known beforehand. */
  readonly bytes?: number | undefined;
  readonly hash?: ExpectedHash | undefined;
  /** What to do where access is refused. */
  readonly refusedAdvice: string;
}

export interface DownloadOptions {
  readonly network: Network;
  readonly signal: AbortSignal;
  /** Receives the bytes that are there, and how many there will be, where that is known. */
  readonly onBytes: (done: number, total: number | undefined) => void;
  /** Milliseconds before the first repetition; each further one waits twice as long. @default 500 */
  readonly pause?: number | undefined;
}

/** Repetitions in a row that bring nothing. */
const REPETITIONS = 5;
const KEPT = 'What arrived is kept, and `eim pull` goes on there; `eim models --remove` deletes it.';

/**
 * Appends to `work.data` until the file is whole, and forces it to disk.
 * @throws EimError `network-failed`, `access-refused` or `storage-failed`
 */
export async function fetchInto(
  download: Download,
  work: WorkFolder,
  options: DownloadOptions,
): Promise<void> {
  const { signal, pause = 500 } = options;
  const file = await open(work.data, constants.O_RDWR | constants.O_CREAT).catch((cause: unknown) => {
    throw storageError(work.data, 'Nothing was fetched.', cause);
  });
  try {
    for (let failures = 0; ; ) {
      const { size: before } = await file.stat();
      try {
        if (await fetchOnce(download, work, file, before, options)) break;
      } catch (error) {
        signal.throwIfAborted();
        if (!EimError.isInstance(error) || error.data.passing !== true) throw error;
        const arrived = (await file.stat()).size > before;
        failures = arrived ? 0 : failures + 1;
        if (failures > REPETITIONS) throw error;
        await wait(pause * 2 ** failures, undefined, { signal }).catch(() => signal.throwIfAborted());
      }
    }
    await file.sync().catch((cause: unknown) => {
      throw storageError(work.data, KEPT, cause);
    });
  } finally {
    await file.close();
  }
}

/** One request for what is lacking. @returns whether the file is whole */
async function fetchOnce(
  download: Download,
  work: WorkFolder,
  file: FileHandle,
  start: number,
  { network, signal, onBytes }: DownloadOptions,
): Promise<boolean> {
  const { url, bytes, hash } = download;
  if (start === bytes) return true;
  const { validator } = await readAbout(work);
  const part = await requestFrom({ ...download, network, start, validator });
  if (part === undefined) {
    // Nothing beyond what is there: whole if a hash will say so, else not to be trusted.
    if (bytes === undefined && hash !== undefined) return true;
    await file.truncate(0);
    if (bytes === undefined) throw wrongLength(url, 'has another length than before', true);
    throw wrongLength(url, `has only ${start} of ${bytes} bytes`, false);
  }
  await writeAbout(work, { url: shownAddress(url), hash: hash?.value, validator: part.validator });
  let done = part.start === start ? start : 0;
  if (done === 0) await file.truncate(0);
  if (part.start !== done) throw wrongLength(url, 'sends another part than the one asked for', true);
  const total = bytes ?? part.total;
  for await (const chunk of namedErrors(url, part, signal)) {
    await writeAt(file, chunk, done, work.data);
    done += chunk.length;
    onBytes(done, total);
  }
  if (total === undefined || done === total) return true;
  if (done < total) throw wrongLength(url, `ended after ${done} of ${total} bytes`, true);
  await file.truncate(0);
  throw wrongLength(url, `sends ${done} bytes in place of ${total}`, false);
}

async function* namedErrors(
  url: string,
  { body }: SentPart,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (cause) {
    signal.throwIfAborted();
    throw networkError(url, cause);
  }
}

async function writeAt(file: FileHandle, bytes: Uint8Array, at: number, path: string): Promise<void> {
  try {
    for (let written = 0; written < bytes.length; ) {
      written += (await file.write(bytes, written, bytes.length - written, at + written)).bytesWritten;
    }
  } catch (cause) {
    throw storageError(path, KEPT, cause);
  }
}

function wrongLength(url: string, clause: string, passing: boolean): EimError {
  return new EimError({
    code: 'network-failed',
    message: `${shownAddress(url)} ${clause}.`,
    advice: passing
      ? 'Run the same command again: it goes on where this one ended.'
      : 'Tell whoever runs the server.',
    data: { url: shownAddress(url), passing },
  });
}
