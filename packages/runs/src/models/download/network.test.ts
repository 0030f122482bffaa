import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, request as forward } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ModelServer, startModelServer, text } from '../testing/model-server.js';
import { scratchFolder } from '../testing/scratch.js';
import { type OpenNetworkOptions, openNetwork } from './network.js';
import { proxySettings } from './proxy-settings.js';

let server: ModelServer;
const proxied: string[] = [];
let proxyStatus = 200;
const proxy = createHttpServer((request, response) => {
  proxied.push(`${request.method} ${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim());
  if (proxyStatus !== 200) return void response.writeHead(proxyStatus).end();
  const onward = forward(request.url!, { headers: request.headers }, (answer) => {
    response.writeHead(answer.statusCode!, answer.headers);
    answer.pipe(response);
  });
  onward.end();
}).on('connect', (request, socket) => {
  proxied.push(`${request.method} ${request.url}`);
  if (proxyStatus !== 200) return void socket.end(`HTTP/1.1 ${proxyStatus} No\r\n\r\n`);
  const [, port] = request.url!.split(':');
  const onward = connect(Number(port), '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    onward.pipe(socket).pipe(onward);
  });
});
let proxyUrl: string;

const folder = scratchFolder(afterAll);
const key = join(folder, 'key.pem');
const certificate = join(folder, 'cert.pem');
const why = hasCertificate() ? '' : ' (skipped: openssl cannot be run)';
let secure: ReturnType<typeof createHttpsServer> | undefined;

function hasCertificate(): boolean {
  try {
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const made = [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      key,
      '-out',
      certificate,
      ...subject,
    ];
    execFileSync('openssl', made, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

beforeAll(async () => {
  server = await startModelServer();
  server.routes.set('/hello', text('hello'));
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  if (why !== '') return;
  secure = createHttpsServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (_, response) => {
    response.end('secret hello');
  });
  await new Promise<void>((resolve) => secure!.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await server.close();
  proxy.closeAllConnections();
  proxy.close();
  secure?.close();
});

const secureUrl = () => `https://localhost:${(secure!.address() as AddressInfo).port}/`;

async function get(url: string, options: Partial<OpenNetworkOptions> = {}): Promise<string> {
  const network = await openNetwork({ environment: {}, ...options });
  try {
    proxied.length = 0;
    return await (await network.fetch(url)).text();
  } finally {
    await network.close();
  }
}

test('a proxy that the environment names is used, except for the hosts that it excludes', async () => {
  const url = `${server.url}/hello`;
  expect(await get(url)).toBe('hello');
  expect(proxied).toEqual([]);
  const withPassword = proxyUrl.replace('//', '//ada:pw@');
  expect(await get(url, { environment: { HTTP_PROXY: withPassword } })).toBe('hello');
  expect(proxied).toEqual([`GET ${url} Basic ${Buffer.from('ada:pw').toString('base64')}`]);
  expect(await get(url, { environment: { HTTP_PROXY: proxyUrl, NO_PROXY: 'example.org,127.0.0.1' } })).toBe(
    'hello',
  );
  expect(proxied).toEqual([]);
  expect(await get(url, { environment: { HTTPS_PROXY: proxyUrl } })).toBe('hello');
  expect(proxied).toEqual([]);
  expect(await get(url, { environment: { all_proxy: proxyUrl.replace('http://', '') } })).toBe('hello');
  expect(proxied).toHaveLength(1);
});

test.each([
  [403, 'Ask whoever runs the proxy'],
  [407, 'Write user and password into HTTPS_PROXY'],
])('a proxy that refuses with %i is named', async (status, advice) => {
  proxyStatus = status;
  const error = await get('https://models.example/x', { environment: { HTTPS_PROXY: proxyUrl } }).catch(
    (e: Error) => e,
  );
  proxyStatus = 200;
  expect(error).toMatchObject({
    code: 'network-failed',
    message: expect.stringContaining(`The proxy refuses models.example (status ${status}). ${advice}`),
  });
});

test('a proxy of another kind is refused by name', () => {
  expect(() => proxySettings({ HTTPS_PROXY: 'socks5://u:p@host:1' })).toThrow(
    "HTTPS_PROXY names a proxy that is none of HTTP's: socks5://host:1.",
  );
});

test.skipIf(why !== '')(
  `a certificate that nobody vouches for is named, until its authority is${why}`,
  async () => {
    await expect(get(secureUrl())).rejects.toMatchObject({
      code: 'network-failed',
      message: expect.stringMatching(
        /certificate of localhost:\d+ is not to be trusted.*NODE_EXTRA_CA_CERTS/,
      ),
    });
    expect(await get(secureUrl(), { certificates: { "pip's cert": certificate } })).toBe('secret hello');
    expect(await get(secureUrl(), { environment: { REQUESTS_CA_BUNDLE: certificate } })).toBe('secret hello');
    expect(await get(secureUrl(), { trustedHosts: ['localhost'] })).toBe('secret hello');
    await expect(get(secureUrl(), { environment: { SSL_CERT_FILE: '/no/such' } })).rejects.toThrow(
      /SSL_CERT_FILE names/,
    );
  },
);

test.skipIf(why !== '')(`encrypted requests go through a tunnel of the proxy${why}`, async () => {
  const environment = { https_proxy: proxyUrl, SSL_CERT_FILE: certificate };
  expect(await get(secureUrl(), { environment })).toBe('secret hello');
  expect(proxied).toEqual([`CONNECT ${new URL(secureUrl()).host}`]);
});
