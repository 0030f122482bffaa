import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  file,
  type ModelServer,
  redirect,
  type ServedFile,
  startModelServer,
  text,
} from '../testing/model-server.js';
import { noise, scratchFolder } from '../testing/scratch.js';
import { downloadFile } from './download-file.js';
import type { ExpectedHash } from './file-hash.js';
import { type Network, openNetwork } from './network.js';
import { WorkFolder } from './work-folder.js';

const bytes = noise(1_000_000);
const sha256 = createHash('sha256').update(bytes).digest('hex');
const hash: ExpectedHash = { algorithm: 'sha256', value: sha256 };
const folder = scratchFolder(afterAll);
let server: ModelServer;
let network: Network;
let count = 0;

beforeAll(async () => {
  server = await startModelServer();
  network = await openNetwork({ environment: {} });
});
afterAll(async () => {
  await network.close();
  await server.close();
});

/** Where a request asks a file to begin. */
const startOf = (request: string) => Number(/bytes=(\d+)-$/.exec(request)?.[1]);

interface Wanted {
  readonly size?: number;
  readonly hash?: ExpectedHash | undefined;
  readonly signal?: AbortSignal;
  readonly work?: WorkFolder;
}

function serve(served: Partial<ServedFile>): string {
  const path = `/file-${count++}`;
  server.routes.set(path, file({ bytes, ...served }));
  server.requests.length = 0;
  return path;
}

async function fetchPath(path: string, wanted: Wanted = {}) {
  const work = wanted.work ?? (await WorkFolder.claim(join(folder, `target-${count++}`)));
  const seen: (readonly [number, number | undefined])[] = [];
  const result = await downloadFile(
    {
      url: `${server.url}${path}`,
      bytes: wanted.size,
      hash: 'hash' in wanted ? wanted.hash : hash,
      refusedAdvice: 'Ask for access.',
    },
    work,
    {
      network,
      signal: wanted.signal ?? new AbortController().signal,
      onBytes: (done, total) => seen.push([done, total]),
      pause: 1,
    },
  );
  return { result, work, seen };
}

test.each([
  ['at once', {}],
  ['without ranges', { ranges: false }],
  ['without a length', { chunked: true }],
  ['with an entity tag', { etag: '"one"' }],
])('a file comes %s', async (_, served) => {
  const { result, work, seen } = await fetchPath(serve(served));
  expect(result).toEqual({ bytes: bytes.length, sha256, asked: sha256 });
  expect(readFileSync(work.data).equals(bytes)).toBe(true);
  expect(seen.at(-1)![0]).toBe(bytes.length);
  expect(server.requests).toEqual([expect.stringMatching(/^GET \/file-\d+$/)]);
});

test('a connection that is cut off goes on where it ended', async () => {
  const path = serve({ etag: '"one"', cuts: [300_000, 400_000] });
  const { work } = await fetchPath(path);
  expect(readFileSync(work.data).equals(bytes)).toBe(true);
  expect(server.requests[0]).toBe(`GET ${path}`);
  const starts = server.requests.slice(1).map(startOf);
  expect(starts).toHaveLength(2);
  expect(starts[0]).toBeGreaterThan(0);
  expect(starts[1]).toBeGreaterThan(starts[0]!);
});

test('a server without ranges sends the whole again', async () => {
  const path = serve({ ranges: false, cuts: [300_000] });
  const { work } = await fetchPath(path);
  expect(readFileSync(work.data).equals(bytes)).toBe(true);
  expect(server.requests).toEqual([`GET ${path}`, expect.stringMatching(/ bytes=[1-9]\d*-$/)]);
});

test('a file that changed on the server since is fetched anew, by its entity tag', async () => {
  const path = serve({ etag: '"old"', cuts: [300_000] });
  const other = noise(bytes.length);
  const first = server.routes.get(path)!;
  let answers = 0;
  const second = file({ bytes: other, etag: '"new"' });
  server.routes.set(path, (request, response) => (answers++ === 0 ? first : second)(request, response));
  const { work } = await fetchPath(path, { hash: undefined });
  expect(readFileSync(work.data).equals(other)).toBe(true);
});

test('a server that always fails is given up, what arrived stays, and a later call goes on there', async () => {
  const path = serve({ etag: '"one"', cuts: [500_000, 0, 0, 0, 0, 0, 0, 0, 0] });
  const target = join(folder, 'given-up');
  const work = await WorkFolder.claim(target);
  await expect(fetchPath(path, { work })).rejects.toMatchObject({
    code: 'network-failed',
    message: expect.stringMatching(/cut off the connection.*goes on where this one ended/),
  });
  await work.release();
  const path2 = serve({ etag: '"one"' });
  server.routes.set(path, server.routes.get(path2)!);
  const again = await WorkFolder.claim(target);
  const kept = statSync(again.data).size;
  expect(kept).toBeGreaterThan(0);
  await fetchPath(path, { work: again });
  expect(server.requests).toEqual([`GET ${path} bytes=${kept}-`]);
  expect(readFileSync(again.data).equals(bytes)).toBe(true);
});

test('a part of another file, or one without a hash and an entity tag, is not gone on with', async () => {
  for (const [etag, expected] of [
    [undefined, undefined],
    ['"one"', { ...hash, value: 'f'.repeat(64) }],
  ] as const) {
    const first = serve({ ...(etag && { etag }), cuts: [200_000, 0, 0, 0, 0, 0, 0] });
    const work = await WorkFolder.claim(join(folder, `other-${count}`));
    await expect(fetchPath(first, { work, hash: expected })).rejects.toThrow(/cut off/);
    const second = serve({});
    await fetchPath(second, { work });
    expect(server.requests).toEqual([`GET ${second}`]);
    expect(readFileSync(work.data).equals(bytes)).toBe(true);
  }
});

test('a whole file that was only not installed is not asked for again', async () => {
  const path = serve({});
  const { work } = await fetchPath(path, { size: bytes.length });
  server.requests.length = 0;
  await fetchPath(path, { size: bytes.length, work });
  expect(server.requests).toEqual([]);
});

test('a wrong hash is named, and what came is deleted', async () => {
  const work = await WorkFolder.claim(join(folder, 'wrong-hash'));
  await expect(
    fetchPath(serve({}), { work, hash: { ...hash, value: '0'.repeat(64) } }),
  ).rejects.toMatchObject({
    code: 'network-failed',
    message: expect.stringContaining(`sha256 ${sha256}, not ${'0'.repeat(64)}`),
  });
  expect(existsSync(work.data)).toBe(false);
});

test('a damaged part does not spoil the whole: it is fetched once more', async () => {
  const path = serve({ cuts: [400_000, 0, 0, 0, 0, 0, 0] });
  const work = await WorkFolder.claim(join(folder, 'damaged-part'));
  await expect(fetchPath(path, { work })).rejects.toThrow(/cut off/);
  writeFileSync(work.data, noise(statSync(work.data).size));
  await fetchPath(path, { work });
  expect(readFileSync(work.data).equals(bytes)).toBe(true);
});

test('more bytes than there should be are refused', async () => {
  await expect(fetchPath(serve({}), { size: 999_999 })).rejects.toThrow(
    /sends 1000000 bytes in place of 999999/,
  );
});

test('fewer bytes than there should be are asked for again, and then named', async () => {
  await expect(fetchPath(serve({ chunked: true }), { size: 1_000_001 })).rejects.toMatchObject({
    code: 'network-failed',
  });
});

test('redirects are followed', async () => {
  const path = serve({});
  server.routes.set('/moved', redirect(`${server.url}${path}`));
  const { work } = await fetchPath('/moved');
  expect(readFileSync(work.data).equals(bytes)).toBe(true);
});

test.each([
  [401, 'access-refused', 'Ask for access.'],
  [403, 'access-refused', 'Ask for access.'],
  [404, 'network-failed', 'look whether it moved'],
  [503, 'network-failed', 'status 503'],
])('status %i is %s', async (status, code, message) => {
  server.routes.set('/status', text('no', 'text/plain', status));
  await expect(fetchPath('/status')).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message),
  });
});

test('an abort ends it at once with its own reason, and what arrived stays', async () => {
  const controller = new AbortController();
  const path = serve({ pause: 20, piece: 10_000 });
  const work = await WorkFolder.claim(join(folder, 'aborted'));
  setTimeout(() => controller.abort(new Error('stopped by me')), 150);
  const aborting = await openNetwork({ environment: {}, signal: controller.signal });
  await expect(
    downloadFile({ url: `${server.url}${path}`, hash, refusedAdvice: '' }, work, {
      network: aborting,
      signal: controller.signal,
      onBytes: () => {},
    }),
  ).rejects.toThrow('stopped by me');
  expect(statSync(work.data).size).toBeGreaterThan(0);
  await aborting.close();
});

test('two at once have a folder each, and leave none behind', async () => {
  const target = join(folder, 'both');
  const works = await Promise.all([WorkFolder.claim(target), WorkFolder.claim(target)]);
  expect(new Set(works.map(({ path }) => path)).size).toBe(2);
  await Promise.all(works.map((work) => fetchPath(serve({}), { work })));
  for (const work of works) await work.remove();
  expect(readdirSync(folder).filter((name) => name.startsWith('.both.'))).toEqual([]);
});
