import type { Dispatcher } from 'undici';
import type { Environment } from '../../context.js';
import { networkError } from './network-error.js';
import { type ProxySettings, proxySettings } from './proxy-settings.js';
import { trustedCertificates } from './trusted-certificates.js';

/** Requests through the proxies and with the certificates of a user. */
export interface Network {
  /** Like the platform's `fetch`, but rejects with an EimError that says what the network did. */
  readonly fetch: typeof globalThis.fetch;
  close(): Promise<void>;
}

export interface OpenNetworkOptions {
  readonly environment: Environment;
  /** Aborts every request. */
  readonly signal?: AbortSignal | undefined;
  /** A proxy for everything, named elsewhere than in the environment. */
  readonly proxy?: string | undefined;
  /** Files of further certificate authorities, as they are called where they were named. */
  readonly certificates?: Readonly<Record<string, string | undefined>> | undefined;
  /** Hosts, or hosts with ports, whose certificates are not looked at, because the user said so. */
  readonly trustedHosts?: readonly string[] | undefined;
  /** Milliseconds until a host that says nothing counts as gone. @default 60000 */
  readonly patience?: number | undefined;
}

const PATIENCE = 60_000;
const CONNECT_PATIENCE = 20_000;

/**
 * Opens connections as the environment asks for: Node's own `fetch` knows neither HTTPS_PROXY nor Python's certificates.
 * @throws EimError `invalid-argument` or `missing-file` naming the variable
 */
export async function openNetwork(options: OpenNetworkOptions): Promise<Network> {
  const { environment, trustedHosts = [], patience = PATIENCE } = options;
  const undici = await import('undici');
  const proxies = proxySettings(environment, options.proxy);
  const ca = await trustedCertificates(environment, options.certificates);
  const agents: Dispatcher[] = [];
  const dispatchers = [true, false].map((rejectUnauthorized) =>
    dispatcherOf(undici, proxies, { ...(ca && { ca: [...ca] }), rejectUnauthorized }, { patience, agents }),
  );
  const isTrusted = (origin: URL) =>
    trustedHosts.some((host) => host === origin.host || host === origin.hostname);
  // Chosen for each request, since one may lead to another host.
  const dispatcher = new undici.Agent().compose(() => (request, handler) => {
    const [strict, lenient] = dispatchers;
    return (isTrusted(new URL(String(request.origin))) ? lenient : strict)!.dispatch(request, handler);
  });
  const fetch = async (input: string | URL, init: RequestInit = {}) => {
    const signals = [options.signal, init.signal].filter((each) => each !== undefined && each !== null);
    const signal = AbortSignal.any(signals);
    try {
      const request = { ...init, dispatcher, signal };
      return await undici.fetch(input, request as Parameters<typeof undici.fetch>[1]);
    } catch (cause) {
      signal.throwIfAborted();
      throw networkError(input, cause);
    }
  };
  return {
    fetch: fetch as unknown as typeof globalThis.fetch,
    close: async () => {
      await Promise.all(agents.map((agent) => agent.destroy()));
    },
  };
}

interface TlsOptions {
  readonly ca?: string[];
  readonly rejectUnauthorized: boolean;
}

function dispatcherOf(
  { Agent, EnvHttpProxyAgent }: typeof import('undici'),
  { httpProxy, httpsProxy, noProxy }: ProxySettings,
  tls: TlsOptions,
  { patience, agents }: { readonly patience: number; readonly agents: Dispatcher[] },
): Pick<Dispatcher, 'dispatch'> {
  const options = {
    connect: { ...tls, timeout: CONNECT_PATIENCE },
    headersTimeout: patience,
    bodyTimeout: patience,
  };
  const direct = new Agent(options);
  agents.push(direct);
  if (httpProxy === '' && httpsProxy === '') return direct;
  const proxied = new EnvHttpProxyAgent({
    ...options,
    httpProxy,
    httpsProxy,
    noProxy,
    // Proxies often refuse to open a tunnel to a port without encryption.
    proxyTunnel: false,
    requestTls: tls,
    proxyTls: tls,
  });
  agents.push(proxied);
  // That agent would send https through a proxy that was named for http alone.
  return direct.compose((dispatch) => (request, handler) => {
    const isHttps = new URL(String(request.origin)).protocol === 'https:';
    return (isHttps ? httpsProxy : httpProxy) === ''
      ? dispatch(request, handler)
      : proxied.dispatch(request, handler);
  });
}
