import { argumentError } from '../../arguments/argument-error.js';
import type { Environment } from '../../context.js';

/** Where requests go instead of their hosts. Empty texts: nowhere else. */
export interface ProxySettings {
  readonly httpProxy: string;
  readonly httpsProxy: string;
  readonly noProxy: string;
}

/**
 * The proxies that the environment names, as curl and pip read it: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, and
 * each in small letters, which counts first.
 * @param forAll a proxy named elsewhere, such as in pip's configuration, which counts before the environment's
 * @throws EimError `invalid-argument` for a proxy of another kind than HTTP's
 */
export function proxySettings(environment: Environment, forAll?: string): ProxySettings {
  const named = (name: string) => environment[name.toLowerCase()] || environment[name] || '';
  const chosen = (name: string) => {
    const [variable, value] = forAll
      ? ["pip's proxy", forAll]
      : named(name)
        ? [name, named(name)]
        : ['ALL_PROXY', named('ALL_PROXY')];
    return value === '' ? '' : proxyAddress(variable!, value!);
  };
  return {
    httpProxy: chosen('HTTP_PROXY'),
    httpsProxy: chosen('HTTPS_PROXY'),
    noProxy: named('NO_PROXY'),
  };
}

function proxyAddress(variable: string, value: string): string {
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  if (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)) return address;
  throw argumentError(
    `${variable} names a proxy that is none of HTTP's: ${address.replace(/\/\/[^@/]*@/, '//')}.`,
    'Name one as http://HOST:PORT, or leave the variable empty.',
  );
}
