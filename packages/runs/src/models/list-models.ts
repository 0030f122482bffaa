import type { Environment } from '../context.js';
import { CATALOGUE } from './catalogue/catalogue.js';
import type { CatalogueModel } from './catalogue/catalogue-model.js';
import { findCachedSnapshot } from './hub/cached-snapshot.js';
import { hubCache } from './hub/hub-settings.js';
import { allInstallations, type Installation } from './installed/manifest.js';
import { sourceText } from './model-source.js';

/** A model of the catalogue, or one that was pulled. */
export interface ListedModel {
  readonly name: string;
  /** What it is; null for one outside the catalogue. */
  readonly about: string | null;
  readonly source: string;
  readonly licence: string | null;
  /**
   * `pulled`: here. `cached`: here, because another program put it into the hub's cache. `damaged`: pulled, but files are
   * missing or changed. `absent`: not here.
   */
  readonly state: 'pulled' | 'cached' | 'damaged' | 'absent';
  /** Bytes of its files, or of its download where it is not here; null where only the server knows. */
  readonly bytes: number | null;
  /** What a loader is given; null where it is not here. */
  readonly path: string | null;
  /** When it was pulled. */
  readonly date: string | null;
  /** Whether whoever wrote the catalogue has fetched these very bytes; null for one outside the catalogue. */
  readonly checked: boolean | null;
  /** What is wrong, or how to get it by hand. */
  readonly note: string | null;
}

/**
 * The catalogue, and everything else that was pulled. Work under way is not listed.
 * @example
 * const here = listModels({ environment: process.env }).filter(({ state }) => state === 'pulled');
 */
export function listModels({
  environment = {},
}: {
  readonly environment?: Environment;
} = {}): readonly ListedModel[] {
  const pulled = new Map(allInstallations(environment).map((each) => [each.manifest.name, each]));
  const named = CATALOGUE.map((entry) => listedEntry(entry, pulled.get(entry.name), environment));
  const others = [...pulled.values()].filter(
    ({ manifest }) => !CATALOGUE.some(({ name }) => name === manifest.name),
  );
  return [...named, ...others.map((each) => ({ ...listedInstallation(each), about: null, checked: null }))];
}

function listedEntry(
  { name, about, source, licence, checked, bytes, byHand }: CatalogueModel,
  installation: Installation | undefined,
  environment: Environment,
): ListedModel {
  if (installation) return { ...listedInstallation(installation), about, checked };
  const cached = source.kind === 'hub' ? findCachedSnapshot(source, hubCache(environment)) : undefined;
  return {
    name,
    about,
    source: sourceText(source),
    licence,
    state: cached ? 'cached' : 'absent',
    bytes: bytes ?? null,
    path: cached?.path ?? null,
    date: null,
    checked,
    note: byHand ?? null,
  };
}

function listedInstallation({ manifest, path, fault }: Installation): Omit<ListedModel, 'about' | 'checked'> {
  const { name, source, licence, files, date } = manifest;
  return {
    name,
    source,
    licence,
    state: fault === undefined ? 'pulled' : 'damaged',
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    path: fault === undefined ? path : null,
    date,
    note: fault ?? null,
  };
}
