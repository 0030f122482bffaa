import { connect } from 'node:net';

/** A socket to the server, whose errors are no errors of ours: it may end a connection at any moment. */
export function openSocket(url, options = {}) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), ...options }, () => {
      socket.off('error', reject);
      socket.on('error', () => {});
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

/** The head and body of a request, as they go over the wire. */
export function post(path, body, headers = {}) {
  const all = {
    host: 'load',
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n`), Buffer.from(body)]);
}

/** What comes until the connection ends, or until a response with its whole body is there. */
export async function answerOf(socket, { milliseconds = 60_000 } = {}) {
  let text = '';
  const timer = setTimeout(() => socket.destroy(), milliseconds);
  try {
    for await (const bytes of socket) {
      text += bytes.toString('latin1');
      if (isWhole(text)) break;
    }
  } catch {
    // a connection that is reset has said what it had to say
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text };
}

function isWhole(text) {
  const end = text.indexOf('\r\n\r\n');
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, end + 2));
  return end >= 0 && length !== null && text.length >= end + 4 + Number(length[1]);
}
