import { argumentError } from '../../arguments/argument-error.js';

/**
 * The base of a server's routes, without a slash at its end: `http://127.0.0.1:8080/v1`. An address without a path gets OpenAI's.
 * @throws EimError `invalid-argument` for what is no http or https address, or holds a password
 */
export function apiAddress(text: string): string {
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw argumentError(`--api is "${text}", which is no address of HTTP.`, 'Write http://HOST:PORT/v1.');
  }
  if (url.username !== '' || url.password !== '') {
    throw argumentError(
      '--api holds a user or a password, which would be written into the manifest.',
      'Put the key into an environment variable and name that by --api-key-env.',
    );
  }
  if (url.search !== '' || url.hash !== '') {
    throw argumentError(`--api is "${text}", with something behind its path.`, 'Write http://HOST:PORT/v1.');
  }
  const path = url.pathname.replace(/\/+$/, '').replace(/\/chat\/completions$/, '');
  return `${url.origin}${path === '' ? '/v1' : path}`;
}
