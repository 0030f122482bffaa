import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** How a server treats a file. */
export interface ServedFile {
  readonly bytes: Buffer;
  /** @default true */
  readonly ranges?: boolean;
  readonly etag?: string;
  /** Cut the connection after so many bytes of each of the first answers; the list's length is the number of answers. */
  readonly cuts?: number[];
  /** Milliseconds between pieces of `piece` bytes. */
  readonly pause?: number;
  readonly piece?: number;
  /** Without Content-Length. */
  readonly chunked?: boolean;
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export interface ModelServer {
  readonly url: string;
  /** Method, path and range of every request so far. */
  readonly requests: string[];
  /** Headers of every request so far. */
  readonly headers: IncomingMessage['headers'][];
  readonly routes: Map<string, Answer>;
  close(): Promise<void>;
}

/** A server on this machine, whose answers a test sets by path. */
export async function startModelServer(): Promise<ModelServer> {
  const routes = new Map<string, Answer>();
  const requests: string[] = [];
  const headers: IncomingMessage['headers'][] = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url!, 'http://localhost').pathname;
    requests.push([request.method, path, request.headers.range].filter(Boolean).join(' '));
    headers.push(request.headers);
    const answer = routes.get(path);
    if (answer) void Promise.resolve(answer(request, response)).catch(() => response.destroy());
    else response.writeHead(404, { 'x-error-code': 'RepoNotFound' }).end('not here');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    headers,
    routes,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export function text(contents: string, type = 'text/html', status = 200): Answer {
  return (_, response) => void response.writeHead(status, { 'content-type': type }).end(contents);
}

export function redirect(to: string): Answer {
  return (_, response) => void response.writeHead(302, { location: to }).end();
}

/** Serves a file by RFC 9110: ranges, If-Range and entity tags, with the faults that are asked for. */
export function file({
  bytes,
  ranges = true,
  etag,
  cuts = [],
  pause,
  piece = 64_000,
  chunked,
}: ServedFile): Answer {
  return async ({ method, headers }, response) => {
    const asked = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '');
    const current = headers['if-range'] === undefined || headers['if-range'] === etag;
    const [start, end] =
      ranges && asked && current
        ? [Number(asked[1]), asked[2] === '' ? bytes.length : Number(asked[2]) + 1]
        : [0, bytes.length];
    const tag = etag === undefined ? {} : { etag };
    if (start >= bytes.length) {
      response.writeHead(416, { 'content-range': `bytes */${bytes.length}`, ...tag }).end();
      return;
    }
    const isPart = ranges && asked !== null && current;
    response.writeHead(isPart ? 206 : 200, {
      ...(!chunked && { 'content-length': end - start }),
      ...(isPart && { 'content-range': `bytes ${start}-${end - 1}/${bytes.length}` }),
      ...tag,
    });
    if (method === 'HEAD') return void response.end();
    const cut = end - start > 1 ? cuts.shift() : undefined;
    const until = Math.min(end, cut === undefined ? end : start + cut);
    for (let at = start; at < until; at += piece) {
      response.write(bytes.subarray(at, Math.min(until, at + piece)));
      if (pause !== undefined) await wait(pause);
    }
    if (cut === undefined) response.end();
    else setTimeout(() => response.destroy(), 20);
  };
}
