import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { argumentError } from '../arguments/argument-error.js';
import { tellBytes } from './download/byte-progress.js';
import { downloadFile } from './download/download-file.js';
import { type Network, openNetwork } from './download/network.js';
import { WorkFolder } from './download/work-folder.js';
import { installFolder } from './installed/install-folder.js';
import type { Installation } from './installed/manifest.js';
import type { AddressSource } from './model-source.js';
import { modelsFolder } from './models-folder.js';
import type { PullContext, PullPlan } from './pull-plan.js';

/** A single file at an address that the catalogue names. */
export async function planAddressPull({ url }: AddressSource, context: PullContext): Promise<PullPlan> {
  const { named, environment, signal } = context;
  const { entry } = named;
  if (entry?.byHand !== undefined) {
    throw argumentError(
      `${named.name} cannot be fetched by a program.`,
      `${entry.byHand} Then name the file's path.`,
    );
  }
  const network = await openNetwork({ environment, signal });
  const filename = decodeURIComponent(new URL(url).pathname.split('/').at(-1)!);
  return {
    offer: {
      name: named.name,
      source: url,
      from: new URL(url).host,
      licence: entry?.licence ?? null,
      bytes: await sizeOf(url, network).catch(async (error: unknown) => {
        await network.close();
        throw error;
      }),
      files: [],
      folder: join(modelsFolder(environment), named.folderName),
      notes: entry?.sha256 === undefined ? ['Nobody states its hash.'] : [],
    },
    fetch: () => fetchFile(url, filename, context, network),
    close: network.close,
  };
}

async function sizeOf(url: string, network: Network): Promise<number | null> {
  const response = await network.fetch(url, { method: 'HEAD' });
  await response.body?.cancel();
  const length = response.headers.get('content-length');
  return response.ok && length !== null ? Number(length) : null;
}

async function fetchFile(
  url: string,
  filename: string,
  context: PullContext,
  network: Network,
): Promise<Installation> {
  const { named, environment, signal } = context;
  const value = named.entry?.sha256;
  const work = await WorkFolder.claim(join(modelsFolder(environment), named.folderName));
  try {
    const { bytes, sha256 } = await downloadFile(
      {
        url,
        hash: value === undefined ? undefined : { algorithm: 'sha256', value },
        refusedAdvice: 'Open the address in a browser, and name the path of the file that it gives.',
      },
      work,
      { network, signal, onBytes: (done, total) => tellBytes(context, done, total) },
    );
    const { built } = work;
    await rm(built, { recursive: true, force: true });
    await mkdir(built);
    await rename(work.data, join(built, filename));
    const manifest = {
      format: 1 as const,
      name: named.name,
      source: url,
      version: sha256,
      licence: named.entry?.licence ?? null,
      folder: '.',
      entry: filename,
      owned: true,
      include: [],
      files: [{ path: filename, bytes, sha256 }],
      date: new Date().toISOString(),
    };
    return await installFolder(built, manifest, work);
  } catch (error) {
    await work.release();
    throw error;
  }
}
