import { EimError } from '@eim/contracts';
import type { ExpectedHash } from '../download/file-hash.js';
import type { Network } from '../download/network.js';
import type { HubSource } from '../model-source.js';
import { safePath } from '../selection/safe-path.js';

/** A file of a repository. */
export interface HubFile {
  readonly path: string;
  readonly bytes: number;
  readonly hash: ExpectedHash;
}

/** A repository at one commit. */
export interface HubListing {
  readonly commit: string;
  /** Null where its card states none. */
  readonly licence: string | null;
  readonly isGated: boolean;
  readonly files: readonly HubFile[];
}

/**
 * Asks the hub for the files of a repository, by `@huggingface/hub`.
 * @param network that shows the hub the token
 * @throws EimError `missing-package` where that package is not installed
 */
export async function listHubFiles(
  source: HubSource,
  endpoint: string,
  network: Network,
): Promise<HubListing> {
  const { listFiles, modelInfo } = await importHub();
  const { repository, revision = 'main' } = source;
  const request = { hubUrl: endpoint, fetch: network.fetch };
  const info = await modelInfo({
    ...request,
    name: repository,
    revision,
    additionalFields: ['sha', 'cardData', 'tags'],
  });
  const commit = info.sha;
  const files: HubFile[] = [];
  for await (const entry of listFiles({ ...request, repo: repository, revision: commit, recursive: true })) {
    if (entry.type !== 'file') continue;
    const path = safePath(entry.path, repository);
    files.push(
      entry.lfs
        ? {
            path,
            bytes: entry.lfs.size,
            hash: { algorithm: 'sha256', value: entry.lfs.oid.replace(/^sha256:/, '') },
          }
        : { path, bytes: entry.size, hash: { algorithm: 'git-blob', value: entry.oid! } },
    );
  }
  return {
    commit,
    licence: licenceOf(info.cardData as Readonly<Record<string, unknown>> | undefined, info.tags),
    isGated: info.gated !== false && info.gated !== undefined,
    files,
  };
}

function licenceOf(
  card: Readonly<Record<string, unknown>> | undefined,
  tags: readonly string[] = [],
): string | null {
  const tag = tags.find((each) => each.startsWith('license:'))?.slice('license:'.length);
  const named = card?.license === 'other' ? (card.license_name ?? card.license_link) : card?.license;
  return typeof named === 'string' ? named : (tag ?? null);
}

async function importHub(): Promise<typeof import('@huggingface/hub')> {
  try {
    return await import('@huggingface/hub');
  } catch (cause) {
    throw new EimError({
      code: 'missing-package',
      message: 'Models of the Hugging Face hub need the package @huggingface/hub, which is not installed.',
      advice: 'Run `npm install @huggingface/hub`.',
      cause,
    });
  }
}
