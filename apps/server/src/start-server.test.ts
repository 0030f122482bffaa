import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as later } from 'node:timers/promises';
import type { SchedulerLimits, ServedModel } from '@eim/runs/serving';
import { afterEach, expect, test } from 'vitest';
import type { ServerLimits } from './server-limits.js';
import { type RunningServer, startServer } from './start-server.js';
import { ask, eventsOf } from './testing/ask.js';
import { tinyServedModel } from './testing/tiny-served-model.js';

const CHAT = '/v1/chat/completions';
const opened: { server: RunningServer; model: ServedModel }[] = [];
afterEach(async () => {
  for (const { server, model } of opened.splice(0)) {
    await server.close(0);
    await model.close();
  }
});

/** A server of a model whose answers end by their length alone. */
async function serve(limits: ServerLimits = {}, scheduler: SchedulerLimits = {}) {
  const model = await tinyServedModel({
    limits: scheduler,
    isText: true,
    isEndless: true,
    contextLength: 2000,
  });
  const server = await startServer({ models: [model], port: 0, limits });
  opened.push({ server, model });
  const fetched = (path: string, init?: RequestInit) => fetch(server.url + path, init);
  return { server, model, fetched };
}

/** An answer of many tokens. */
const long = (more: object = {}) => ({
  model: 'tiny',
  temperature: 2,
  seed: 5,
  max_tokens: 1000,
  messages: [{ role: 'user', content: 'is it' }],
  ...more,
});
const short = { ...long(), max_tokens: 3, temperature: 0 };

function socketOf(server: RunningServer): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect({ port: server.port, host: server.host, allowHalfOpen: true }, () =>
      resolve(socket),
    );
    socket.on('error', () => {});
  });
}
const allOf = async (socket: Socket): Promise<string> => {
  let text = '';
  for await (const bytes of socket) text += String(bytes);
  return text;
};
const posted = (body: string, more = '') =>
  `POST ${CHAT} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${more}\r\n${body}`;

/** Waits until something holds. */
async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1500 && !holds(); turn++) await later(10);
  expect(holds()).toBe(true);
}

test('listens on this machine alone, on a free port', async () => {
  const { server, fetched } = await serve();
  expect(server.host).toBe('127.0.0.1');
  expect(server.url).toBe(`http://127.0.0.1:${server.port}`);
  expect((await ask(fetched, CHAT, short)).body.usage.completion_tokens).toBe(3);
  const taken = startServer({ models: [], port: server.port });
  await expect(taken).rejects.toMatchObject({ code: 'invalid-argument' });
});

test('a client that goes away stops its work, streamed or not, running or waiting', async () => {
  const { model, fetched } = await serve({}, { rows: 1 });
  for (const stream of [true, false]) {
    const controllers = [new AbortController(), new AbortController()];
    const asked = controllers.map(({ signal }) =>
      fetched(CHAT, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(long({ stream })),
        signal,
      }).then(async (response) => await response.text()),
    );
    for (const each of asked) each.catch(() => {});
    await until(() => model.counts.running === 1 && model.counts.waiting === 1);
    for (const controller of controllers) controller.abort();
    await until(() => model.counts.running === 0 && model.counts.waiting === 0);
    await Promise.allSettled(asked);
  }
  expect((await ask(fetched, CHAT, short)).status).toBe(200);
});

test('half-closed and cut-off sockets count as clients that have gone', async () => {
  const { server, model, fetched } = await serve();
  const half = await socketOf(server);
  half.end(posted(JSON.stringify(long())));
  half.resume();
  const cut = await socketOf(server);
  cut.write(posted(JSON.stringify(long({ stream: true }))));
  await until(() => model.counts.running >= 1);
  cut.resetAndDestroy();
  await until(() => model.counts.running === 0);
  const early = await socketOf(server);
  early.write(`${posted('').replace('content-length: 0', 'content-length: 100')}{"model"`);
  early.destroy();
  expect((await ask(fetched, CHAT, short)).status).toBe(200);
});

test('a reader that takes nothing holds up nobody, and its answer is kept until it does', async () => {
  const { server, model, fetched } = await serve();
  const slow = await new Promise<IncomingMessage>((resolve) => {
    const request = httpRequest(
      server.url + CHAT,
      { method: 'POST', headers: { 'content-type': 'application/json' } },
      resolve,
    );
    request.end(JSON.stringify(long({ stream: true, max_tokens: 400 })));
  });
  slow.pause();
  expect((await ask(fetched, CHAT, short)).status).toBe(200);
  await until(() => model.counts.running === 0);
  let text = '';
  for await (const bytes of slow) text += String(bytes);
  expect(eventsOf(text).at(-1)).toBe('[DONE]');
});

test('beyond the queue a request is told when to come again', async () => {
  const { model, fetched } = await serve({}, { rows: 1, queue: 1 });
  const controller = new AbortController();
  const { signal } = controller;
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(long()),
    signal,
  };
  const held = [fetched(CHAT, init), fetched(CHAT, init)];
  for (const each of held) each.catch(() => {});
  await until(() => model.counts.waiting === 1);
  const refused = await ask(fetched, CHAT, short);
  expect([refused.status, refused.body.error.code]).toEqual([429, 'queue_full']);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  controller.abort();
  await until(() => model.counts.waiting === 0 && model.counts.running === 0);
  expect((await ask(fetched, CHAT, short)).status).toBe(200);
});

test('a request whose time is over ends with an error, before its answer or within', async () => {
  const { fetched } = await serve({ seconds: 0.3 });
  const whole = await ask(fetched, CHAT, long());
  expect([whole.status, whole.body.error.code]).toEqual([504, 'timeout']);
  const streamed = await fetched(CHAT, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(long({ stream: true })),
  });
  const events = eventsOf(await streamed.text());
  expect(events.at(-1).error.code).toBe('timeout');
});

test('bodies that are too large are refused by their declared and by their real size', async () => {
  const { server, fetched } = await serve({ bodyBytes: 100_000 });
  const declared = await socketOf(server);
  declared.write(
    `POST ${CHAT} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100000000\r\n\r\n{`,
  );
  expect(await allOf(declared)).toMatch(/^HTTP\/1\.1 413 [\s\S]*body_too_large/);
  const chunked = await socketOf(server);
  chunked.write(
    `POST ${CHAT} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`,
  );
  const piece = 'a'.repeat(1_000_000);
  for (let count = 0; count < 100; count++) chunked.write(`${piece.length.toString(16)}\r\n${piece}\r\n`);
  expect(await allOf(chunked)).toMatch(/^HTTP\/1\.1 413 /);
  expect((await ask(fetched, CHAT, short)).status).toBe(200);
});

test('floods of headers, what is no HTTP, and requests that never arrive are answered and closed', async () => {
  const { server, fetched } = await serve({ arrivalSeconds: 0.5 });
  const flood = await socketOf(server);
  flood.write(`GET /healthz HTTP/1.1\r\nhost: x\r\n${'x-a: '.padEnd(20_000, 'b')}\r\n\r\n`);
  expect(await allOf(flood)).toMatch(/^HTTP\/1\.1 431 /);
  const noise = await socketOf(server);
  noise.write('\x16\x03\x01 no HTTP at all\r\n\r\n');
  expect(await allOf(noise)).toMatch(/^HTTP\/1\.1 400 /);
  const dripping = await socketOf(server);
  dripping.write('GET /healthz HTTP/1.1\r\nhost');
  expect(await allOf(dripping)).toMatch(/^HTTP\/1\.1 408 /);
  expect((await ask(fetched, CHAT, short)).status).toBe(200);
});

test('closing finishes what streams, and takes nothing new', async () => {
  const { server, model, fetched } = await serve();
  const streamed = await fetched(CHAT, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(long({ stream: true, max_tokens: 60 })),
  });
  await until(() => model.counts.running === 1);
  const closed = server.close();
  const text = await streamed.text();
  expect(eventsOf(text).at(-1)).toBe('[DONE]');
  await closed;
  await expect(fetched('/healthz')).rejects.toThrow();
});

test('closing ends what goes on after its time', async () => {
  const { server, model, fetched } = await serve();
  const asked = ask(fetched, CHAT, long());
  asked.catch(() => {});
  await until(() => model.counts.running === 1);
  await server.close(0.1);
  await expect(asked).rejects.toThrow();
  await until(() => model.counts.running === 0);
});

test('answers of many clients at once are those of each alone', async () => {
  const { fetched } = await serve({}, { rows: 5, pieceLength: 4 });
  const words = ['red', 'blue', 'square', 'disc', 'a', 'is', 'it'];
  const requests = Array.from({ length: 24 }, (_, index) => ({
    ...long({ max_tokens: 2 + (index % 7), seed: index, temperature: index % 2 }),
    messages: [
      {
        role: 'user',
        content: Array.from({ length: 1 + (index % 9) }, (__, at) => words[(index * 3 + at) % 7]).join(' '),
      },
    ],
  }));
  const textOf = async (request: object) =>
    (await ask(fetched, CHAT, request)).body.choices[0].message.content;
  const together = await Promise.all(requests.map(textOf));
  const alone: string[] = [];
  for (const request of requests) alone.push(await textOf(request));
  expect(together).toEqual(alone);
});
