/**
 * Keeps an exported folder in the browser: the page's files at once, the model's as they are fetched. Files of the model are
 * called after their contents and never change; the page's are asked for anew where there is a network.
 */

interface WorkerScope {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(kind: 'install' | 'activate', listener: (event: ExtendableEvent) => void): void;
  addEventListener(kind: 'fetch', listener: (event: FetchEvent) => void): void;
}
interface ExtendableEvent {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

const scope = self as unknown as WorkerScope;
const folder = scope.registration.scope;
/** Caches are the origin's, where other exports may lie beside this one. */
const CACHE = `eim ${folder}`;
const MANIFEST = `${folder}export.json`;

/** What isolates a page from all others, so that it may share memory between threads. */
const ISOLATING = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
};

scope.addEventListener('install', (event) => event.waitUntil(keepPage()));
scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()));
scope.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method === 'GET' && request.url.startsWith(folder)) event.respondWith(answer(event));
});

interface Manifest {
  readonly page: readonly string[];
  readonly files: Readonly<Record<string, { readonly shards: readonly { readonly path: string }[] }>>;
}

async function keepPage(): Promise<void> {
  const { page } = (await (await fetch(MANIFEST, { cache: 'no-cache' })).json()) as Manifest;
  const cache = await caches.open(CACHE);
  const pages = page.filter((path) => path !== 'index.html' && path !== 'service-worker.js');
  await cache.addAll([folder, MANIFEST, ...pages.map((path) => folder + path)]);
  await scope.skipWaiting();
}

async function answer(event: FetchEvent): Promise<Response> {
  const { request } = event;
  const url = request.mode === 'navigate' ? folder : request.url.split(/[?#]/, 1)[0]!;
  const cache = await caches.open(CACHE);
  const kept = await cache.match(url);
  const isLasting = /\/(model|assets)\//.test(url.slice(folder.length - 1));
  if (kept && isLasting) return isolated(kept);
  try {
    const response = await fetch(request);
    if (response.ok) event.waitUntil(keep(cache, url, response.clone()));
    return isolated(response);
  } catch (error) {
    if (kept) return isolated(kept);
    throw error;
  }
}

/** Where there is no space the page works all the same, with a network. */
async function keep(cache: Cache, url: string, response: Response): Promise<void> {
  try {
    if (url === MANIFEST) await forgetOthers(cache, (await response.clone().json()) as Manifest);
    await cache.put(url, response);
  } catch (error) {
    console.info(`${url} is not kept for offline use: ${String(error)}`);
  }
}

/** What an export does not name any more that has taken the place of another. */
async function forgetOthers(cache: Cache, { page, files }: Manifest): Promise<void> {
  const shards = Object.values(files).flatMap((file) => file.shards.map(({ path }) => path));
  const named = new Set([folder, MANIFEST, ...[...page, ...shards].map((path) => folder + path)]);
  for (const request of await cache.keys()) if (!named.has(request.url)) await cache.delete(request);
}

function isolated(response: Response): Response {
  if (response.type === 'opaque' || response.type === 'opaqueredirect') return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(ISOLATING)) headers.set(name, value);
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}
