import { existsSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { EimError } from '@eim/contracts';
import { readAbout } from './about-data.js';
import { type Download, type DownloadOptions, fetchInto } from './fetch-into.js';
import { type FileHashes, hashFile } from './file-hash.js';
import { shownAddress } from './network-error.js';
import type { WorkFolder } from './work-folder.js';

/**
 * Fetches a file into `work.data` and forces it to disk. Goes on with what is there, repeats what fails in passing, and
 * checks size and hash. Whatever happens, what arrived stays for a later call; only a file with a wrong hash is deleted.
 * @throws EimError `network-failed`, `access-refused` or `storage-failed`
 */
export async function downloadFile(
  download: Download,
  work: WorkFolder,
  options: DownloadOptions,
): Promise<FileHashes> {
  const { hash } = download;
  const kept = await usableBytes(download, work);
  await fetchInto(download, work, options);
  const hashes = await hashFile(work.data, hash?.algorithm, options.signal);
  if (hash === undefined || hashes.asked === hash.value.toLowerCase()) return hashes;
  await rm(work.data, { force: true });
  // What was there before may have been another version of the file: once more, from the beginning.
  if (kept > 0) return await downloadFile(download, work, options);
  const url = shownAddress(download.url);
  throw new EimError({
    code: 'network-failed',
    message: `${url} has another hash than it should: ${hash.algorithm} ${hashes.asked}, not ${hash.value}.`,
    advice:
      'It was deleted. The server, or something on the way, changed the file; try another network or index.',
    data: { url, expected: hash.value, found: hashes.asked },
  });
}

/** Keeps what an earlier call fetched where it can be of this very file. @returns how many bytes that are */
async function usableBytes({ url, bytes, hash }: Download, work: WorkFolder): Promise<number> {
  if (!existsSync(work.data)) return 0;
  const about = await readAbout(work);
  const { size } = await stat(work.data);
  const isThisFile =
    hash === undefined
      ? about.url === shownAddress(url) && about.validator !== undefined
      : about.hash === hash.value;
  if (isThisFile && (bytes === undefined || size <= bytes)) return size;
  await rm(work.data, { force: true });
  return 0;
}
