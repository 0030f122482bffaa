import { createHash } from 'node:crypto';
import { type Answer, file, type ModelServer, type ServedFile, text } from './model-server.js';

export const COMMIT = 'c0ffee'.padEnd(40, '0');

export interface HubRepositoryOptions {
  readonly commit?: string;
  readonly licence?: string;
  readonly gated?: boolean;
  /** Faults of single files. */
  readonly served?: Readonly<Record<string, Partial<ServedFile>>>;
  /** Refuse whoever does not show this token. */
  readonly token?: string;
}

/** The name under which git, and thus the hub, keeps a small file. */
export function gitBlob(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** Serves a repository as the hub does: its description, its tree, and its files; those above 1 kB by LFS. */
export function publishRepository(
  server: ModelServer,
  name: string,
  files: Readonly<Record<string, Buffer>>,
  options: HubRepositoryOptions = {},
): void {
  const { commit = COMMIT, licence = 'mit', gated = false, served = {}, token } = options;
  const json = (value: unknown) => text(JSON.stringify(value), 'application/json');
  const guarded =
    (answer: Answer): Answer =>
    (request, response) => {
      if (token === undefined || request.headers.authorization === `Bearer ${token}`)
        return answer(request, response);
      response.writeHead(gated ? 403 : 401, gated ? { 'x-error-code': 'GatedRepo' } : {}).end('{}');
    };
  const info = json({
    _id: '1',
    id: name,
    sha: commit,
    private: false,
    gated: gated ? 'manual' : false,
    downloads: 0,
    likes: 0,
    lastModified: '2024-01-01T00:00:00.000Z',
    cardData: { license: licence },
    tags: [`license:${licence}`],
  });
  for (const revision of ['main', commit]) {
    // A gated repository is described to everybody.
    server.routes.set(`/api/models/${name}/revision/${revision}`, gated ? info : guarded(info));
  }
  const tree = Object.entries(files).map(([path, bytes]) => ({
    type: 'file',
    path,
    size: bytes.length,
    oid: gitBlob(bytes),
    ...(bytes.length > 1000 && {
      lfs: { oid: createHash('sha256').update(bytes).digest('hex'), size: bytes.length, pointerSize: 130 },
    }),
  }));
  server.routes.set(`/api/models/${name}/tree/${commit}`, gated ? json(tree) : guarded(json(tree)));
  for (const [path, bytes] of Object.entries(files)) {
    server.routes.set(
      `/${name}/resolve/${commit}/${path}`,
      guarded(file({ bytes, etag: `"${gitBlob(bytes)}"`, ...served[path] })),
    );
  }
}
