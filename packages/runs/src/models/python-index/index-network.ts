import { argumentError } from '../../arguments/argument-error.js';
import type { Environment } from '../../context.js';
import { type Network, openNetwork } from '../download/network.js';
import { shownAddress } from '../download/network-error.js';
import type { PipConfiguration } from './pip-configuration.js';

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * A network for the indexes of a configuration, with its proxy, certificates and passwords. Passwords in the address of an
 * index go to that host alone.
 * @throws EimError `invalid-argument` for an index that is no address, or one without encryption whose host pip would not
 * trust either
 */
export async function openIndexNetwork(
  configuration: PipConfiguration,
  environment: Environment,
  signal: AbortSignal,
): Promise<Network> {
  const { cert, proxy, trustedHosts, indexUrls, findLinks } = configuration;
  const passwords = new Map<string, string>();
  for (const text of [...indexUrls, ...findLinks.filter((link) => /^https?:/.test(link))]) {
    const url = addressOf(text, trustedHosts);
    if (url.username === '') continue;
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    passwords.set(url.origin, `Basic ${Buffer.from(pair).toString('base64')}`);
  }
  const network = await openNetwork({
    environment,
    signal,
    proxy,
    trustedHosts,
    certificates: { "pip's cert": cert },
  });
  return {
    ...network,
    fetch: (input, init = {}) => {
      const url = new URL(String(input));
      url.username = '';
      url.password = '';
      const authorization = passwords.get(url.origin);
      return network.fetch(url, {
        ...init,
        headers: { ...(init.headers as Record<string, string>), ...(authorization && { authorization }) },
      });
    },
  };
}

function addressOf(text: string, trustedHosts: readonly string[]): URL {
  if (!URL.canParse(text) || !/^https?:/.test(text)) {
    throw argumentError(
      `pip's configuration names the index ${text}, which is no address of the web.`,
      'Name one by PIP_INDEX_URL=https://HOST/simple; folders are named by PIP_FIND_LINKS.',
    );
  }
  const url = new URL(text);
  const isTrusted = trustedHosts.includes(url.hostname) || trustedHosts.includes(url.host);
  if (url.protocol === 'https:' || LOOPBACK.test(url.hostname) || isTrusted) return url;
  throw argumentError(
    `The index ${shownAddress(url)} is asked without encryption, so that anybody on the way could change the files.`,
    `Use https, or write PIP_TRUSTED_HOST=${url.hostname} as for pip.`,
  );
}
