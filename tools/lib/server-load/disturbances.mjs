import { setTimeout as later } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { bombs } from './hostile-pictures.mjs';
import { answerOf, openSocket, post } from './raw-request.mjs';

const CHAT = '/v1/chat/completions';
const HUNDRED_MEGABYTES = 100_000_000;
/** Names of files that a server must not give, in every place of a request that names something. */
const PATHS = [
  '/../../../../etc/passwd',
  '/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
  '/assets/..%2f..%2f..%2f..%2fetc%2fpasswd',
  '/assets/%2e%2e/%2e%2e/package.json',
  '/v1/models/..%2f..%2f..%2fetc%2fpasswd',
  '/..\\..\\..\\etc\\passwd',
  '/assets/%00',
  '//etc/passwd',
];

/**
 * What clients do that a server has to bear, each as `{ name, clients, pause, act }`: how many of them do so at once, the pause
 * of each in milliseconds, and one time of it, which throws where the server answers otherwise than it should.
 */
export function disturbances(url, model) {
  const [large, lying] = bombs();
  const question = (more) =>
    JSON.stringify({
      model,
      temperature: 0,
      max_tokens: 64,
      messages: [{ role: 'user', content: 'Tell me a story.' }],
      ...more,
    });
  const shown = (picture) =>
    question({
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: picture } }] }],
    });
  const send = async (bytes) => {
    const socket = await openSocket(url);
    socket.write(bytes);
    return await answerOf(socket);
  };
  const expectStatus = (what, { status, text }, wanted) => {
    if (!wanted.includes(status)) {
      throw new Error(`${what}: status ${status} and not ${wanted.join(' or ')} (${text.slice(0, 300)})`);
    }
  };
  const refused = (what, bytes, wanted) => async () => expectStatus(what, await send(bytes), wanted);
  const alternate = (actions) => {
    let turn = 0;
    return async () => await actions[turn++ % actions.length]();
  };

  return [
    {
      name: 'readers that are slow',
      clients: 20,
      pause: 0,
      act: () => readSlowly(url, post(CHAT, question({ stream: true }))),
    },
    {
      name: 'clients that go away',
      clients: 20,
      pause: 50,
      act: () => goAway(url, post(CHAT, question({ stream: true }))),
    },
    {
      name: 'half-closed sockets',
      clients: 10,
      pause: 50,
      act: () => closeHalf(url, post(CHAT, question())),
    },
    {
      name: 'bodies of 100 MB',
      clients: 6,
      pause: 500,
      act: alternate([
        refused(
          'a declared body of 100 MB',
          post(CHAT, '{', { 'content-length': String(HUNDRED_MEGABYTES) }),
          [413],
        ),
        async () => expectStatus('a body of 100 MB in pieces', await sendPieces(url), [413]),
      ]),
    },
    {
      name: 'malformed JSON and UTF-8',
      clients: 6,
      pause: 20,
      act: alternate([
        refused('malformed JSON', post(CHAT, '{"model": '), [400]),
        refused('malformed UTF-8', post(CHAT, Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d])), [400]),
        refused('deep JSON', post(CHAT, '['.repeat(200_000)), [400]),
        refused(
          'a packed body',
          post(CHAT, gzipSync(Buffer.alloc(50_000_000)), { 'content-encoding': 'gzip' }),
          [400, 415],
        ),
      ]),
    },
    {
      name: 'pictures that unpack to 100 MB',
      clients: 6,
      pause: 100,
      act: alternate([
        refused('a picture of 36 million pixels', post(CHAT, shown(large)), [400, 413]),
        refused('a picture with more than it says', post(CHAT, shown(lying)), [400, 413]),
      ]),
    },
    {
      name: 'paths to files of the machine',
      clients: 6,
      pause: 20,
      act: alternate([
        ...PATHS.map((path) => async () => {
          const answer = await send(`GET ${path} HTTP/1.1\r\nhost: load\r\n\r\n`);
          expectStatus(path, answer, [400, 404]);
          if (/root:|"name"/.test(answer.text)) throw new Error(`${path} gives a file`);
        }),
        refused('a model by a path', post(CHAT, question({ model: '../../../etc/passwd' })), [404]),
      ]),
    },
    {
      name: 'floods of headers',
      clients: 6,
      pause: 20,
      act: alternate([
        refused(
          'a long header',
          `GET /healthz HTTP/1.1\r\nhost: load\r\nx-a: ${'b'.repeat(100_000)}\r\n\r\n`,
          [431],
        ),
        refused(
          'many headers',
          `GET /healthz HTTP/1.1\r\nhost: load\r\n${'x-header-of-many: value\r\n'.repeat(5_000)}\r\n`,
          [431],
        ),
      ]),
    },
  ];
}

/** Takes a stream a few hundred bytes a second, to its end. A full queue is an answer, too. */
async function readSlowly(url, bytes) {
  const socket = await openSocket(url);
  socket.write(bytes);
  let text = '';
  for (let turn = 0; turn < 600 && !socket.destroyed && !socket.readableEnded; turn++) {
    const piece = socket.read(Math.min(300, socket.readableLength));
    if (piece !== null) text += piece.toString('latin1');
    if (text.includes('[DONE]') || /^HTTP\/1\.1 429/.test(text)) break;
    await later(250);
  }
  socket.destroy();
  if (/^HTTP\/1\.1 429/.test(text)) return await later(1000);
  if (!text.includes('[DONE]')) throw new Error(`a slow reader's stream does not end: ${text.slice(0, 300)}`);
}

/** Leaves while the answer is written, or while it waits. */
async function goAway(url, bytes) {
  const socket = await openSocket(url);
  socket.write(bytes);
  await later(Math.random() * 2_000);
  if (Math.random() < 0.5) socket.resetAndDestroy();
  else socket.destroy();
}

/** Closes its own side after the request: it counts as one that has gone. */
async function closeHalf(url, bytes) {
  const socket = await openSocket(url, { allowHalfOpen: true });
  socket.end(bytes);
  await answerOf(socket, { milliseconds: 10_000 });
}

/** A hundred megabytes without a declared length, as far as they are taken. */
async function sendPieces(url) {
  const socket = await openSocket(url);
  const answer = answerOf(socket);
  socket.write(
    `POST ${CHAT} HTTP/1.1\r\nhost: load\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`,
  );
  const piece = Buffer.from(`f4240\r\n${'a'.repeat(1_000_000)}\r\n`);
  for (let sent = 0; sent < HUNDRED_MEGABYTES && socket.writable; sent += 1_000_000) {
    await new Promise((resolve) => socket.write(piece, resolve)); // resolves too where the connection has ended
  }
  return await answer;
}
