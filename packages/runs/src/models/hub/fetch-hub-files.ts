import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EimError } from '@eim/contracts';
import { storageError } from '@eim/weights/node';
import { tellBytes } from '../download/byte-progress.js';
import { downloadFile } from '../download/download-file.js';
import { requireSpace } from '../download/free-space.js';
import type { Network } from '../download/network.js';
import { WorkFolder } from '../download/work-folder.js';
import type { HubSource } from '../model-source.js';
import type { PullContext } from '../pull-plan.js';
import type { HubCache } from './hub-cache.js';
import type { HubFile } from './hub-listing.js';
import type { HubSettings } from './hub-settings.js';

interface HubFetch {
  readonly source: HubSource;
  readonly settings: HubSettings;
  readonly cache: HubCache;
  readonly network: Network;
  readonly commit: string;
  /** All that the model needs. */
  readonly files: readonly HubFile[];
  /** Those that the cache does not have. */
  readonly lacking: readonly HubFile[];
}

/**
 * Fetches what is lacking into the hub's cache, each file by its hash, and completes the snapshot of the commit.
 * @returns SHA-256 of the files that were fetched, by path
 */
export async function fetchHubFiles(
  fetch: HubFetch,
  context: PullContext,
): Promise<ReadonlyMap<string, string>> {
  const { cache, commit, files, lacking } = fetch;
  const fetched = new Map<string, string>();
  const total = lacking.reduce((sum, { bytes }) => sum + bytes, 0);
  try {
    await mkdir(dirname(cache.blob('any')), { recursive: true });
    await requireSpace(cache.folder, total);
    let done = 0;
    for (const file of lacking) {
      const onBytes = (bytes: number) => tellBytes(context, done + bytes, total);
      fetched.set(file.path, await fetchBlob(file, fetch, context, onBytes));
      done += file.bytes;
    }
    for (const { path, hash } of files) await cache.link(commit, path, hash.value);
    await cache.remember(commit);
    return fetched;
  } catch (cause) {
    context.signal.throwIfAborted();
    if (EimError.isInstance(cause)) throw cause;
    throw storageError(cache.folder, 'HF_HUB_CACHE names another folder for models of the hub.', cause);
  }
}

async function fetchBlob(
  { path, bytes, hash }: HubFile,
  { source, settings, cache, network, commit }: HubFetch,
  { signal }: PullContext,
  onBytes: (done: number) => void,
): Promise<string> {
  const target = cache.blob(hash.value);
  const work = await WorkFolder.claim(target);
  try {
    const file = path.split('/').map(encodeURIComponent).join('/');
    const url = `${settings.endpoint}/${source.repository}/resolve/${commit}/${file}`;
    const refusedAdvice = `See ${settings.endpoint}/${source.repository} in a browser.`;
    const { sha256 } = await downloadFile({ url, bytes, hash, refusedAdvice }, work, {
      network,
      signal,
      onBytes,
    });
    // Two processes may finish it: either one's file is whole.
    if (!existsSync(target)) await rename(work.data, target);
    await work.remove();
    return sha256;
  } catch (error) {
    await work.release();
    throw error;
  }
}
