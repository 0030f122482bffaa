import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { EimError } from '@eim/contracts';
import { type ExpectedHash, hashFile } from '../download/file-hash.js';
import { type Network, openNetwork } from '../download/network.js';
import type { Installation, Manifest } from '../installed/manifest.js';
import type { HubSource } from '../model-source.js';
import { sourceText } from '../model-source.js';
import { modelsFolder } from '../models-folder.js';
import type { PullContext, PullPlan } from '../pull-plan.js';
import { selectFiles } from '../selection/select-files.js';
import { type CachedSnapshot, findCachedSnapshot } from './cached-snapshot.js';
import { fetchHubFiles } from './fetch-hub-files.js';
import { HubCache } from './hub-cache.js';
import { type HubFile, type HubListing, listHubFiles } from './hub-listing.js';
import { hubNetwork } from './hub-network.js';
import { type HubSettings, hubSettings } from './hub-settings.js';
import { registerSnapshot } from './register-snapshot.js';

/**
 * Finds the files of a repository, and which of them the hub's cache has already. Where the hub cannot be asked, a whole
 * model in that cache will do.
 */
export async function planHubPull(source: HubSource, context: PullContext): Promise<PullPlan> {
  const { environment, signal, include } = context;
  const settings = hubSettings(environment);
  const cached = findCachedSnapshot(source, settings.cache, include);
  if (cached && source.revision === cached.commit) {
    return planFromCache(source, cached, settings, context, 'a commit never changes');
  }
  if (settings.isOffline) {
    if (cached) return planFromCache(source, cached, settings, context, 'HF_HUB_OFFLINE is set');
    throw new EimError({
      code: 'network-failed',
      message: `${sourceText(source)} is not in ${settings.cache} as a whole, and HF_HUB_OFFLINE forbids to ask the hub.`,
      advice: 'Unset HF_HUB_OFFLINE to fetch it.',
      data: { source: sourceText(source), cache: settings.cache },
    });
  }
  const network = await openNetwork({ environment, signal });
  try {
    const hub = hubNetwork(network, source, settings);
    const listing = await listHubFiles(source, settings.endpoint, hub);
    return planFromListing(source, listing, settings, context, hub);
  } catch (error) {
    await network.close();
    if (cached && EimError.isInstance(error) && ['network-failed', 'access-refused'].includes(error.code)) {
      return planFromCache(source, cached, settings, context, error.message.replace(/\. .*$/s, ''));
    }
    throw error;
  }
}

function planFromListing(
  source: HubSource,
  listing: HubListing,
  settings: HubSettings,
  context: PullContext,
  network: Network,
): PullPlan {
  const { named, include } = context;
  const byPath = new Map(listing.files.map((file) => [file.path, file]));
  const selection = selectFiles(named.name, [...byPath.keys()], { folder: '', include });
  const files = selection.paths.map((path) => byPath.get(path)!);
  const cache = new HubCache(settings.cache, source);
  const lacking = files.filter((file) => !isThere(cache, listing.commit, file));
  const licence = listing.licence ?? named.entry?.licence ?? null;
  return {
    offer: {
      name: named.name,
      source: sourceText(source),
      from: `${settings.endpoint}/${source.repository}`,
      licence,
      bytes: lacking.reduce((sum, { bytes }) => sum + bytes, 0),
      files: files.map(({ path, bytes }) => ({ path, bytes })),
      folder: cache.snapshot(listing.commit),
      notes: [
        ...(listing.isGated ? ['It is gated: its licence has to be agreed to at the hub first.'] : []),
        ...(lacking.length < files.length
          ? [`${files.length - lacking.length} of ${files.length} files are in the hub's cache already.`]
          : []),
      ],
    },
    fetch: async () => {
      const fetch = { source, settings, cache, network, commit: listing.commit, files, lacking };
      const fetched = await fetchHubFiles(fetch, context);
      const hashed = await hashes(cache, listing.commit, files, { fetched, signal: context.signal });
      const facts = { context, licence, owned: lacking.length > 0, cache };
      return await register(manifestOf(source, listing.commit, selection.entry, facts, hashed), context);
    },
    close: network.close,
  };
}

function planFromCache(
  source: HubSource,
  { commit, folder, selection }: CachedSnapshot,
  settings: HubSettings,
  context: PullContext,
  why: string,
): PullPlan {
  const { named } = context;
  const licence = named.entry?.licence ?? null;
  const files = selection.paths.map((path) => ({ path, bytes: statSync(join(folder, path)).size }));
  const cache = new HubCache(settings.cache, source);
  return {
    offer: {
      name: named.name,
      source: sourceText(source),
      from: settings.cache,
      licence,
      bytes: 0,
      files,
      folder,
      notes: [`The hub was not asked (${why}); the model is taken as it lies in its cache.`],
    },
    fetch: async () => {
      const hashed = await hashes(cache, commit, files, { fetched: new Map(), signal: context.signal });
      const facts = { context, licence, owned: false, cache };
      return await register(manifestOf(source, commit, selection.entry, facts, hashed), context);
    },
    close: async () => {},
  };
}

function isThere(cache: HubCache, commit: string, { path, bytes, hash }: HubFile): boolean {
  return [join(cache.snapshot(commit), path), cache.blob(hash.value)].some(
    (place) => existsSync(place) && statSync(place).size === bytes,
  );
}

interface Hashing {
  /** What is known already, by path. */
  readonly fetched: ReadonlyMap<string, string>;
  readonly signal: AbortSignal;
}

/** @throws EimError `invalid-file` for a file that another program left in the cache with other contents than its name says */
async function hashes(
  cache: HubCache,
  commit: string,
  files: readonly { readonly path: string; readonly bytes: number; readonly hash?: ExpectedHash }[],
  { fetched, signal }: Hashing,
): Promise<Manifest['files']> {
  const hashed: Manifest['files'] = [];
  for (const { path, bytes, hash } of files) {
    const place = join(cache.snapshot(commit), path);
    const known = fetched.get(path);
    const { sha256, asked } = known
      ? { sha256: known, asked: hash?.value }
      : await hashFile(place, hash?.algorithm, signal);
    if (hash !== undefined && asked !== hash.value) {
      throw new EimError({
        code: 'invalid-file',
        message: `${place} in the hub's cache is damaged: its ${hash.algorithm} hash is ${asked}.`,
        advice: 'Delete it, and pull again.',
        data: { file: place, expected: hash.value, found: asked },
      });
    }
    hashed.push({ path, bytes, sha256 });
  }
  return hashed;
}

function register(manifest: Manifest, { named, environment }: PullContext): Promise<Installation> {
  return registerSnapshot(join(modelsFolder(environment), named.folderName), manifest);
}

interface ManifestFacts {
  readonly context: PullContext;
  readonly licence: string | null;
  readonly owned: boolean;
  readonly cache: HubCache;
}

function manifestOf(
  source: HubSource,
  commit: string,
  entry: string,
  { context, licence, owned, cache }: ManifestFacts,
  files: Manifest['files'],
): Manifest {
  return {
    format: 1,
    name: context.named.name,
    source: sourceText(source),
    version: commit,
    licence,
    folder: cache.snapshot(commit),
    entry,
    owned,
    include: [...context.include],
    files,
    date: new Date().toISOString(),
  };
}
