import { inflateRawSync } from 'node:zlib';
import { type RandomAccessSource, readZipDirectory, type ZipEntry, zipDataStart } from '@eim/weights';
import type { Network } from '../download/network.js';
import { statusError } from '../download/network-error.js';
import { INDEX_REFUSED } from './find-wheel.js';

/** What an archive holds, known before it is fetched. */
export interface ArchiveContents {
  readonly entries: readonly ZipEntry[];
  /** Bytes of the archive. */
  readonly bytes: number;
  /** The text of a file in it. */
  readText(entry: ZipEntry): Promise<string>;
}

/** Longest text that is read before an archive is fetched. */
const LONGEST_TEXT = 1_000_000;

/** Reads the directory of an archive at an address by range. @returns undefined where the server sends no ranges */
export async function readRemoteArchive(url: string, network: Network): Promise<ArchiveContents | undefined> {
  const source = await remoteSource(url, network);
  return source && (await readArchive(source));
}

/** Reads the directory of an archive. */
export async function readArchive(source: RandomAccessSource): Promise<ArchiveContents> {
  const entries = [...(await readZipDirectory(source)).values()].filter(({ name }) => !name.endsWith('/'));
  return {
    entries,
    bytes: source.size,
    readText: async (entry) => {
      if (entry.packedLength > LONGEST_TEXT || (!entry.stored && !entry.deflated)) return '';
      const bytes = await source.read(await zipDataStart(source, entry), entry.packedLength);
      const whole = entry.deflated ? inflateRawSync(bytes, { maxOutputLength: 4 * LONGEST_TEXT }) : bytes;
      return new TextDecoder().decode(whole);
    },
  };
}

async function remoteSource(url: string, network: Network): Promise<RandomAccessSource | undefined> {
  const first = await range(url, network, 0, 1);
  const total = /\/(\d+)$/.exec(first?.headers.get('content-range') ?? '')?.[1];
  await first?.body?.cancel();
  if (total === undefined) return undefined;
  return {
    name: url,
    size: Number(total),
    read: async (offset, length) => {
      if (length === 0) return new Uint8Array(0);
      const response = await range(url, network, offset, length);
      const bytes = response && new Uint8Array(await response.arrayBuffer());
      if (bytes?.length !== length) throw statusError(url, response?.status ?? 200, INDEX_REFUSED);
      return bytes;
    },
  };
}

/** Undefined where the server sends the whole. */
async function range(
  url: string,
  network: Network,
  offset: number,
  length: number,
): Promise<Response | undefined> {
  const headers = { range: `bytes=${offset}-${offset + length - 1}`, 'accept-encoding': 'identity' };
  const response = await network.fetch(url, { headers });
  if (response.status === 206) return response;
  await response.body?.cancel();
  if (response.status === 200) return undefined;
  throw statusError(url, response.status, INDEX_REFUSED);
}
