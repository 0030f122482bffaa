import { join } from 'node:path';
import { EimError } from '@eim/contracts';
import type { IndexSource } from '../model-source.js';
import { sourceText } from '../model-source.js';
import { modelsFolder } from '../models-folder.js';
import type { PullContext, PullPlan } from '../pull-plan.js';
import { selectFiles } from '../selection/select-files.js';
import { type FoundWheel, findWheel } from './find-wheel.js';
import { openIndexNetwork } from './index-network.js';
import { installWheel } from './install-wheel.js';
import { readPipConfiguration } from './pip-configuration.js';
import { readRemoteArchive } from './remote-archive.js';
import { licenceOf } from './wheel-metadata.js';

/** Finds a wheel, and what is in it as far as the server tells before it is fetched. */
export async function planIndexPull(source: IndexSource, context: PullContext): Promise<PullPlan> {
  const { named, environment, signal } = context;
  const configuration = await readPipConfiguration(environment);
  const network = await openIndexNetwork(configuration, environment, signal);
  try {
    const wheel = checked(await findWheel(source, configuration, network), context);
    const { files, licence, bytes, text } = await contentsOf(wheel, context, network);
    const notes = [
      ...(wheel.yanked === undefined
        ? []
        : [`Its publisher took it back${wheel.yanked && `: ${wheel.yanked}`}.`]),
      ...(licence === null && text !== undefined
        ? [`It states no licence by name; the text of one is ${text} in the wheel.`]
        : []),
      ...(wheel.hash === undefined
        ? ['The index gives no hash; the ones inside the wheel are checked.']
        : []),
    ];
    const folder = join(modelsFolder(environment), named.folderName);
    return {
      offer: {
        name: named.name,
        source: sourceText(source),
        from: wheel.listedBy,
        licence,
        bytes: bytes ?? null,
        files,
        folder,
        notes,
      },
      fetch: () =>
        installWheel({ ...wheel, ...(bytes !== undefined && { bytes }) }, licence, context, network),
      close: network.close,
    };
  } catch (error) {
    await network.close();
    throw error;
  }
}

/** The catalogue's own hash counts, whatever an index says. */
function checked(wheel: FoundWheel, { named }: PullContext): FoundWheel {
  const value = named.entry?.sha256;
  if (value === undefined) return wheel;
  if (wheel.hash?.algorithm === 'sha256' && wheel.hash.value !== value) {
    throw new EimError({
      code: 'network-failed',
      message: `${wheel.listedBy} offers another ${wheel.filename} than the one that ${named.name} stands for.`,
      advice: `Its SHA-256 is ${wheel.hash.value}, not ${value}; use another index (PIP_INDEX_URL).`,
      data: { expected: value, found: wheel.hash.value },
    });
  }
  return { ...wheel, hash: { algorithm: 'sha256', value } };
}

async function contentsOf(
  wheel: FoundWheel,
  { named: { entry, name }, include }: PullContext,
  network: Parameters<typeof readRemoteArchive>[1],
) {
  if (entry?.files && include.length === 0) {
    return { files: entry.files, licence: entry.licence, bytes: entry.bytes, text: undefined };
  }
  const isRemote = /^https?:/.test(wheel.url);
  const archive = isRemote ? await readRemoteArchive(wheel.url, network) : undefined;
  if (archive === undefined)
    return { files: [], licence: entry?.licence ?? null, bytes: wheel.bytes, text: undefined };
  const selected = selectFiles(
    name,
    archive.entries.map((each) => each.name),
    { folder: undefined, include },
  );
  const metadata = archive.entries.find((each) => /\.dist-info\/METADATA$/.test(each.name));
  return {
    files: archive.entries
      .filter((each) => selected.paths.includes(each.name))
      .map((each) => ({ path: each.name, bytes: each.byteLength })),
    licence: entry?.licence ?? (metadata ? licenceOf(await archive.readText(metadata)) : null),
    bytes: wheel.bytes ?? archive.bytes,
    text: archive.entries.find((each) => /\.dist-info\/(licenses\/)?LICEN[CS]E[^/]*$/i.test(each.name))?.name,
  };
}
