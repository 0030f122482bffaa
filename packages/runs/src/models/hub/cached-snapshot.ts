import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EimError } from '@eim/contracts';
import type { HubSource } from '../model-source.js';
import { sourceText } from '../model-source.js';
import { type Selection, selectFiles } from '../selection/select-files.js';
import { isWeightFile } from '../selection/weight-files.js';
import { HubCache } from './hub-cache.js';

/** A model that lies in the hub's cache, whoever put it there. */
export interface CachedSnapshot {
  readonly commit: string;
  readonly folder: string;
  readonly selection: Selection;
  /** What a loader is given. */
  readonly path: string;
}

/**
 * A whole model in the hub's cache: weights in one form, with every shard that their index names, and a description, unless
 * the weights describe themselves. Undefined where something of that is lacking.
 */
export function findCachedSnapshot(
  source: HubSource,
  cache: string,
  include: readonly string[] = [],
): CachedSnapshot | undefined {
  const repository = new HubCache(cache, source);
  const commit = repository.knownCommit();
  if (commit === undefined) return undefined;
  const folder = repository.snapshot(commit);
  const paths = repository.filesOf(commit);
  let selection: Selection;
  try {
    selection = selectFiles(sourceText(source), paths, { folder: '', include });
  } catch (error) {
    if (EimError.isInstance(error)) return undefined;
    throw error;
  }
  if (!selection.paths.some(isWeightFile) || !hasAllShards(folder, paths)) return undefined;
  const isDescribed = selection.entry === '' || /\.(gguf|pt|pth|bin)$/i.test(selection.entry);
  return isDescribed ? { commit, folder, selection, path: join(folder, selection.entry) } : undefined;
}

function hasAllShards(folder: string, paths: readonly string[]): boolean {
  const chosen = selectedIndex(paths);
  const shards = paths.filter((path) => /-\d{5}-of-\d{5}\./.test(path));
  if (chosen === undefined) return shards.every((path) => completeSet(path, paths));
  const { weight_map: map = {} } = JSON.parse(readFileSync(join(folder, chosen), 'utf8')) as {
    weight_map?: Readonly<Record<string, string>>;
  };
  return Object.values(map).every((path) => paths.includes(path));
}

const selectedIndex = (paths: readonly string[]) =>
  paths.includes('model.safetensors') || paths.includes('pytorch_model.bin')
    ? undefined
    : paths.find((path) => /^[^/]+\.index\.json$/.test(path));

/** All parts of the set that a shard's own name counts. */
function completeSet(path: string, paths: readonly string[]): boolean {
  const [, stem, count = '0', rest] = /^(.*)-\d{5}-of-(\d{5})(\..*)$/.exec(path) ?? [];
  return Array.from(
    { length: Number(count) },
    (_, index) => `${stem}-${String(index + 1).padStart(5, '0')}-of-${count}${rest}`,
  ).every((part) => paths.includes(part));
}
