import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { argumentError } from '../../arguments/argument-error.js';
import type { Network } from '../download/network.js';
import { shownAddress, statusError } from '../download/network-error.js';
import { normalisedProject } from '../model-name.js';
import type { IndexSource } from '../model-source.js';
import type { PipConfiguration } from './pip-configuration.js';
import { type IndexFile, readProjectPage } from './project-page.js';
import { isSameVersion, readWheelName } from './wheel-name.js';

/** A wheel, and the index or folder that lists it. */
export interface FoundWheel extends IndexFile {
  readonly listedBy: string;
}

const PREFERRED = [
  'application/vnd.pypi.simple.v1+json',
  'application/vnd.pypi.simple.v1+html;q=0.2',
  'text/html;q=0.01',
].join(', ');

/** What to do where an index refuses. */
export const INDEX_REFUSED =
  'Write user and password into the address of the index: PIP_INDEX_URL=https://USER:PASSWORD@HOST/simple.';

/**
 * Looks for the wheel of one version: in what find-links names, then in the indexes, in their order. The first that has it
 * counts.
 * @throws EimError `invalid-argument` where none has the project, or this version, or has no wheel of it
 */
export async function findWheel(
  { project, version }: IndexSource,
  { findLinks, indexUrls }: PipConfiguration,
  network: Network,
): Promise<FoundWheel> {
  const places = [
    ...findLinks.map((link) => ({ name: link, list: () => linkedFiles(link, network) })),
    ...indexUrls.map((url) => ({ name: shownPlace(url), list: () => projectFiles(url, project, network) })),
  ];
  const versions = new Set<string>();
  let hasSources = false;
  for (const { name, list } of places) {
    const own = (await list()).filter((file) => projectOf(file.filename) === normalisedProject(project));
    const wheels = own.filter((file) => readWheelName(file.filename));
    for (const wheel of wheels) versions.add(readWheelName(wheel.filename)!.version);
    const matching = wheels.filter((file) => isSameVersion(readWheelName(file.filename)!.version, version));
    const chosen = matching.find((file) => readWheelName(file.filename)!.isUniversal) ?? matching[0];
    if (chosen) return { ...chosen, listedBy: name };
    hasSources ||= own.length > 0;
  }
  const asked =
    places.map(({ name }) => name).join(', ') || 'nothing, since no-index is set without find-links';
  if (versions.size > 0) {
    throw argumentError(
      `${project} has no wheel of version ${version} (asked: ${asked}).`,
      `It has ${[...versions].slice(-8).join(', ')}.`,
    );
  }
  throw argumentError(
    hasSources
      ? `${project} comes without wheels (asked: ${asked}); only wheels can be read.`
      : `There is no package ${project} (asked: ${asked}).`,
    'Check its name, or name another index by PIP_INDEX_URL.',
  );
}

/** A source archive's name ends with a version too, so its project is what stands before the last hyphen. */
function projectOf(filename: string): string {
  return readWheelName(filename)?.project ?? normalisedProject(filename.replace(/-[^-]*$/, ''));
}

async function projectFiles(index: string, project: string, network: Network): Promise<readonly IndexFile[]> {
  const url = new URL(`${index.replace(/\/+$/, '')}/${normalisedProject(project)}/`);
  const response = await network.fetch(url, { headers: { accept: PREFERRED } });
  if (response.status === 404) {
    await response.body?.cancel();
    return [];
  }
  return await pageOf(response, url.href);
}

/** Files of a folder, or links of a page. */
async function linkedFiles(link: string, network: Network): Promise<readonly IndexFile[]> {
  if (/^https?:/.test(link)) return await pageOf(await network.fetch(link), link);
  const folder = link.startsWith('file:') ? fileURLToPath(link) : resolve(link);
  // pip passes over a folder that is not there, too.
  if (!existsSync(folder)) return [];
  const names = (await readdir(folder)).filter((name) => name.endsWith('.whl'));
  return names.map((filename) => ({ filename, url: pathToFileURL(join(folder, filename)).href }));
}

async function pageOf(response: Response, asked: string): Promise<readonly IndexFile[]> {
  const url = response.url || asked;
  if (response.status !== 200) {
    await response.body?.cancel();
    throw statusError(url, response.status, INDEX_REFUSED);
  }
  const { headers } = response;
  return readProjectPage(await response.text(), headers.get('content-type') ?? '', url);
}

function shownPlace(url: string): string {
  return shownAddress(url).replace(/\/+$/, '');
}
