import { createHash } from 'node:crypto';
import { file, type ModelServer, type ServedFile, text } from './model-server.js';

export interface PublishedWheel {
  readonly filename: string;
  readonly bytes: Buffer;
  readonly served?: Partial<ServedFile>;
  /** @default its own */
  readonly sha256?: string | null;
  readonly yanked?: string;
}

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Publishes wheels of a project in a simple index at `/simple`, in HTML or JSON. */
export function publish(
  server: ModelServer,
  project: string,
  wheels: readonly PublishedWheel[],
  form: 'html' | 'json' = 'html',
): void {
  for (const { filename, bytes, served } of wheels) {
    server.routes.set(
      `/files/${filename}`,
      file({ bytes, etag: `"${sha256Of(bytes).slice(0, 8)}"`, ...served }),
    );
  }
  const hashOf = ({ bytes, sha256 }: PublishedWheel) => (sha256 === undefined ? sha256Of(bytes) : sha256);
  const html = wheels.map((wheel) => {
    const fragment = hashOf(wheel) === null ? '' : `#sha256=${hashOf(wheel)}`;
    const yanked = wheel.yanked === undefined ? '' : ` data-yanked="${wheel.yanked}"`;
    return `<a href="../../files/${wheel.filename}${fragment}"${yanked}>${wheel.filename}</a><br/>`;
  });
  const json = {
    meta: { 'api-version': '1.1' },
    name: project,
    files: wheels.map((wheel) => ({
      filename: wheel.filename,
      url: `../../files/${wheel.filename}`,
      hashes: hashOf(wheel) === null ? {} : { sha256: hashOf(wheel) },
      size: wheel.bytes.length,
      ...(wheel.yanked !== undefined && { yanked: wheel.yanked }),
    })),
  };
  server.routes.set(
    `/simple/${project}/`,
    form === 'html'
      ? text(`<!DOCTYPE html><html><body>${html.join('\n')}</body></html>`)
      : text(JSON.stringify(json), 'application/vnd.pypi.simple.v1+json'),
  );
}
