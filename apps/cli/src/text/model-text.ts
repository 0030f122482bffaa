import type { ListedModel, PulledModel, PullOffer, RemovedModel } from '@eim/runs';
import { shownBytes } from '@eim/runs';
import { textTable } from './text-table.js';

/** What will be fetched, before it is. */
export function offerText({ name, source, from, licence, bytes, files, folder, notes }: PullOffer): string {
  const listed = files.slice(0, 12).map(({ path, bytes: size }) => `  ${path} (${shownBytes(size)})`);
  if (files.length > 12) listed.push(`  and ${files.length - 12} more`);
  const size = bytes === null ? 'unknown, the server does not say' : shownBytes(bytes);
  return [
    `${name}: ${source === name ? '' : `${source}, `}from ${from}`,
    `  licence:     ${licence ?? 'none stated; look before you use it'}`,
    `  to download: ${size}`,
    `  into:        ${folder}`,
    ...listed,
    ...notes.map((note) => `  ${note}`),
  ].join('\n');
}

export function pulledText({ name, path, licence, bytes, downloaded }: PulledModel): string {
  const how = downloaded === 0 ? 'was there already' : 'is there';
  return `${name} ${how}: ${path} (${shownBytes(bytes)}, ${licence ?? 'no licence stated'})`;
}

export function removedText({ name, bytes, kept }: RemovedModel): string {
  const stays = kept === null ? '' : ` Its files stay in ${kept}, which others use.`;
  return `Removed ${name}: ${shownBytes(bytes)}.${stays}`;
}

const STATES: Readonly<Record<ListedModel['state'], string>> = {
  pulled: 'pulled',
  cached: "in the hub's cache",
  damaged: 'damaged',
  absent: '',
};

/** A line for each model, those that are here with their paths below. */
export function modelsText(models: readonly ListedModel[]): string {
  const head = ['name', 'state', 'size', 'licence', 'source'];
  const rows = models.map(({ name, state, bytes, licence, source, checked }) => [
    name,
    STATES[state] || (checked === false ? 'not fetched here' : '-'),
    bytes === null ? '?' : shownBytes(bytes),
    licence ?? 'none stated',
    /^https?:/.test(source) ? new URL(source).host : source,
  ]);
  const here = models.flatMap(({ name, path, note }) => {
    if (path !== null) return [`${name}: ${path}`];
    return note === null ? [] : [`${name}: ${note}`];
  });
  return [textTable([head, ...rows], [0, 1, 3, 4]), ...(here.length > 0 ? ['', ...here] : [])].join('\n');
}
