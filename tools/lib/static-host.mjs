import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/**
 * Serves a folder as static hosts do, below a path.
 * @param headers that every answer gets
 * @returns `{ url, requests, close }`; `requests` are the paths that were asked for
 */
export async function startStaticHost(folder, { headers = {}, under = '/site/' } = {}) {
  const requests = [];
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    requests.push(path);
    try {
      if (!path.startsWith(under)) throw new Error('outside');
      const name = normalize(path.slice(under.length)) || 'index.html';
      const file = name === '.' ? 'index.html' : name;
      const body = await readFile(join(folder, file));
      const type = TYPES[extname(file)] ?? 'application/octet-stream';
      response.writeHead(200, { 'content-type': type, ...headers }).end(body);
    } catch {
      response.writeHead(404, headers).end();
    }
  }).listen(0, 'localhost');
  await once(server, 'listening');
  return {
    url: `http://localhost:${server.address().port}${under}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
