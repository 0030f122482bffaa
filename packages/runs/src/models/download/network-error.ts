import { EimError } from '@eim/contracts';

const OFFLINE = 'Check the connection; behind a proxy, name it by HTTPS_PROXY.';
const AGAIN = 'Run the same command again: it goes on where this one ended.';

/** What the errors of sockets mean: a clause about the host, and what to do. */
const MEANINGS: Readonly<Record<string, readonly [string, string]>> = {
  ENOTFOUND: ['cannot be found: there is no network, or no such host', OFFLINE],
  EAI_AGAIN: ['cannot be found: there is no network, or no such host', OFFLINE],
  ENETUNREACH: ['cannot be reached: there is no network', OFFLINE],
  EHOSTUNREACH: ['cannot be reached', OFFLINE],
  ECONNREFUSED: ['refused the connection', OFFLINE],
  ECONNRESET: ['cut off the connection', AGAIN],
  EPIPE: ['cut off the connection', AGAIN],
  UND_ERR_SOCKET: ['cut off the connection', AGAIN],
  UND_ERR_CONNECT_TIMEOUT: ['does not answer', OFFLINE],
  ETIMEDOUT: ['does not answer', OFFLINE],
  UND_ERR_HEADERS_TIMEOUT: ['does not answer', AGAIN],
  UND_ERR_BODY_TIMEOUT: ['stopped sending', AGAIN],
};

const UNTRUSTED = /CERT|ERR_TLS|ERR_SSL|UNABLE_TO_|EPROTO|SIGNATURE/;

/** Errors that may be gone a moment later. */
const PASSING = new Set([
  'EAI_AGAIN',
  'ECONNRESET',
  'EPIPE',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'ETIMEDOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

/** An address without user, password and what follows a question mark, which may be secrets. */
export function shownAddress(url: string | URL): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

/** Names what the network did to a request. Errors that are named already pass through. */
export function networkError(url: string | URL, cause: unknown): EimError {
  if (EimError.isInstance(cause)) return cause;
  const { host } = new URL(url);
  const causes = causesOf(cause);
  const code = causes.map((each) => (each as NodeJS.ErrnoException).code).find((each) => each !== undefined);
  const messages = causes.map(({ message }) => message);
  const failed = (message: string, advice: string) =>
    new EimError({
      code: 'network-failed',
      message,
      advice,
      data: { url: shownAddress(url), reason: code, passing: PASSING.has(code ?? '') },
      cause,
    });
  const proxyStatus = messages
    .map((text) => /(?:Proxy response|Required) \((\d+)\)/.exec(text)?.[1])
    .find(Boolean);
  if (proxyStatus !== undefined) {
    const advice =
      proxyStatus === '407'
        ? 'Write user and password into HTTPS_PROXY: http://USER:PASSWORD@HOST:PORT.'
        : 'Ask whoever runs the proxy, or fetch the model elsewhere and name its file.';
    return failed(`The proxy refuses ${host} (status ${proxyStatus}).`, advice);
  }
  if (code !== undefined && UNTRUSTED.test(code)) {
    return failed(
      `The certificate of ${host} is not to be trusted: ${messages.at(-1)} (${code}).`,
      "Name your network's own authority by NODE_EXTRA_CA_CERTS=FILE, if it has one.",
    );
  }
  const [text, advice] = MEANINGS[code ?? ''] ?? [`failed: ${messages.at(-1)}`, AGAIN];
  return failed(`${host} ${text}${code === undefined ? '' : ` (${code})`}.`, advice);
}

function causesOf(error: unknown): readonly Error[] {
  const found: Error[] = [];
  for (let at = error; at instanceof Error && !found.includes(at); at = at.cause) {
    found.push(at);
    // Of several addresses of one host, the first that was tried.
    const [first] = (at as AggregateError).errors ?? [];
    if (first instanceof Error) found.push(first);
  }
  return found.length > 0 ? found : [new Error(String(error))];
}

/** Names a status that is no success. `advice` says what to do where access is refused. */
export function statusError(url: string | URL, status: number, advice: string): EimError {
  const address = shownAddress(url);
  const data = { url: address, status };
  if (status === 401 || status === 403) {
    return new EimError({
      code: 'access-refused',
      message: `${address} refuses access (status ${status}).`,
      advice,
      data,
    });
  }
  return new EimError({
    code: 'network-failed',
    message: `${address} answers with status ${status}.`,
    advice: status === 404 ? 'It is not there any more; look whether it moved.' : AGAIN,
    data: { ...data, passing: status >= 500 || status === 429 || status === 408 },
  });
}
