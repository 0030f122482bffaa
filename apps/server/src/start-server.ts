import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { EimError } from '@eim/contracts';
import { getRequestListener } from '@hono/node-server';
import { type AppOptions, createApp } from './create-app.js';
import { routeName } from './routes/route-name.js';
import { completeServerLimits } from './server-limits.js';

export interface StartServerOptions extends AppOptions {
  /** @default '127.0.0.1', which other machines do not reach */
  readonly host?: string | undefined;
  /** 0 takes a free one. @default 8080 */
  readonly port?: number | undefined;
}

/** A server that listens. */
export interface RunningServer {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  /**
   * Takes no new requests, lets those that are under way finish, and ends the others after a time.
   * @param graceSeconds that they are given
   */
  close(graceSeconds?: number): Promise<void>;
}

const DEFAULT_GRACE = 30;
/** For a response to be taken after the time of its request is over. */
const EXTRA_SECONDS = 10;
/** For a client to read why its body is not taken, while it still sends. */
const LINGER_SECONDS = 5;
const HEADER_SECONDS = 10;
const IDLE_SECONDS = 30;

/**
 * Serves models over HTTP. They stay the caller's, who closes them after the server.
 * @throws EimError `invalid-argument` where the address cannot be taken
 * @example
 * const server = await startServer({ models, port: 0 });
 * console.log(server.url);
 * await server.close();
 */
export async function startServer(options: StartServerOptions): Promise<RunningServer> {
  const { host = '127.0.0.1', port = 8080 } = options;
  const limits = completeServerLimits(options.limits);
  const { app, state } = createApp(options);
  const listener = getRequestListener(app.fetch, {
    overrideGlobalObjects: false,
    autoCleanupIncoming: false, // it waits half a second and 64 MB, then resets the connection
  });
  const server = createServer(
    {
      requestTimeout: limits.arrivalSeconds * 1000,
      headersTimeout: Math.min(HEADER_SECONDS, limits.arrivalSeconds) * 1000,
      keepAliveTimeout: IDLE_SECONDS * 1000,
      connectionsCheckingInterval: 1000,
    },
    (incoming, outgoing) => {
      watch(incoming, outgoing);
      void listener(incoming, outgoing);
    },
  );
  server.maxConnections = limits.connections;
  server.maxHeadersCount = 100;
  server.on('clientError', answerBadRequest);
  await listening(server, host, port);
  const address = server.address() as AddressInfo;
  const shown = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    host: address.address,
    port: address.port,
    url: `http://${shown}:${address.port}`,
    close: async (graceSeconds = DEFAULT_GRACE) => {
      state.isEnding = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), graceSeconds * 1000);
      await closed;
      clearTimeout(timer);
    },
  };

  /** Counts a request, and gives up a client that does not take its answer. */
  function watch(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const end = state.metrics.begin(routeName(incoming.url ?? ''));
    const timer = setTimeout(() => incoming.socket.destroy(), (limits.seconds + EXTRA_SECONDS) * 1000);
    if (state.isEnding) outgoing.setHeader('connection', 'close');
    outgoing.once('finish', () => dismissBody(incoming));
    outgoing.on('close', () => {
      clearTimeout(timer);
      end(outgoing.writableFinished ? outgoing.statusCode : CLIENT_LEFT);
      // what it kept alive for later would keep the server from ending
      if (state.isEnding) setImmediate(() => server.closeIdleConnections());
    });
  }
}

/**
 * Takes and drops the rest of a body that was answered before all of it had come, and closes our side. A connection that ends with
 * unread bytes is reset, and its client would lose the answer that says why.
 */
function dismissBody(incoming: IncomingMessage): void {
  const { socket } = incoming;
  if (incoming.complete || socket.destroyed) return;
  incoming.removeAllListeners('data');
  incoming.resume();
  socket.end();
  const timer = setTimeout(() => socket.destroy(), LINGER_SECONDS * 1000);
  socket.once('close', () => clearTimeout(timer));
}

/** nginx' status for a client that has gone away before its answer. */
const CLIENT_LEFT = 499;

async function listening(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        new EimError({
          code: 'invalid-argument',
          message: `The server cannot listen on ${host}, port ${port} (${cause.code}).`,
          advice: 'Choose another --port or --host, or end what listens there.',
          data: { host, port },
          cause,
        }),
      );
    });
    server.listen(port, host, resolve);
  });
}

/** What is no HTTP, or too much of it. */
function answerBadRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [status, text] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? [431, 'Request Header Fields Too Large']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? [408, 'Request Timeout']
        : [400, 'Bad Request'];
  const body = JSON.stringify({
    error: { message: text, type: 'invalid_request_error', param: null, code: null },
  });
  socket.end(
    `HTTP/1.1 ${status} ${text}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
}
