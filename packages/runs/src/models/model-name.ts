import { argumentError } from '../arguments/argument-error.js';
import { suggest } from '../arguments/suggest.js';
import { CATALOGUE } from './catalogue/catalogue.js';
import type { CatalogueModel } from './catalogue/catalogue-model.js';
import type { ModelSource } from './model-source.js';

/** What a name stands for. */
export interface NamedModel {
  /** As it is typed. */
  readonly name: string;
  readonly source: ModelSource;
  /** Present where the name is one of the catalogue. */
  readonly entry?: CatalogueModel;
  /** The name of its folder. */
  readonly folderName: string;
}

const HUB = /^hf:([\w.-]+\/[\w.-]+)(?:@([\w./-]+))?$/;
const INDEX = /^pypi:([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)==([\w.!+-]+)$/;

/** Whether a text can only be the name of a model, whatever lies in the folder. */
export function hasSourcePrefix(text: string): boolean {
  return /^(hf|pypi):/.test(text);
}

/**
 * Reads the name of a model.
 * @returns undefined for a word that is none; a path, for instance
 * @throws EimError `invalid-argument` for `hf:` or `pypi:` with something else behind it
 */
export function readModelName(name: string): NamedModel | undefined {
  const entry = CATALOGUE.find((model) => model.name === name);
  if (entry) return { name, source: entry.source, entry, folderName: name };
  const [, repository, revision] = HUB.exec(name) ?? [];
  if (repository !== undefined && !repository.includes('..') && !revision?.includes('..')) {
    const folderName = `hf--${[...repository.split('/'), ...(revision ?? 'main').split('/')].join('--')}`;
    return { name, source: { kind: 'hub', repository, ...(revision && { revision }) }, folderName };
  }
  const [, project, version] = INDEX.exec(name) ?? [];
  if (project !== undefined) {
    const source = { kind: 'index', project, version: version! } as const;
    return { name, source, folderName: `pypi--${normalisedProject(project)}--${version}` };
  }
  if (!hasSourcePrefix(name)) return undefined;
  throw argumentError(
    `"${name}" names no model.`,
    name.startsWith('hf:')
      ? 'Write hf:OWNER/NAME, or hf:OWNER/NAME@REVISION.'
      : 'Write pypi:PACKAGE==VERSION; the version is needed, so that the name always means the same.',
  );
}

/** Like {@link readModelName}. @throws EimError `invalid-argument`, with what was probably meant */
export function requireModelName(name: string): NamedModel {
  const named = readModelName(name);
  if (named) return named;
  const meant = suggest(
    name,
    CATALOGUE.map((model) => model.name),
  );
  const asHub = /^[\w.-]+\/[\w.-]+$/.test(name) ? ` A repository of the Hugging Face hub is hf:${name}.` : '';
  throw argumentError(
    `There is no model "${name}" in the catalogue.`,
    `${meant ? `Did you mean ${meant}?` : '`eim models` lists it.'}${asHub}`,
  );
}

/** A project's name as indexes look it up (PEP 503). */
export function normalisedProject(name: string): string {
  return name.replace(/[-_.]+/g, '-').toLowerCase();
}
