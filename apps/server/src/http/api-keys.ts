import { createHash, timingSafeEqual } from 'node:crypto';
import { ApiError } from './api-error.js';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Checks keys in a time that says nothing about them: digests of equal length are compared whole, with every key.
 * @returns a function that throws ApiError 401 for an `Authorization` header without one of the keys; undefined where none is asked for
 */
export function keyCheck(keys: readonly string[]): ((authorization: string | undefined) => void) | undefined {
  if (keys.length === 0) return undefined;
  const digests = keys.map(digest);
  return (authorization) => {
    const given = /^Bearer +(.+)$/i.exec(authorization ?? '')?.[1];
    const own = digest(given ?? '');
    let found = false;
    for (const each of digests) found = timingSafeEqual(each, own) || found;
    if (given !== undefined && found) return;
    throw new ApiError({
      status: 401,
      message:
        given === undefined
          ? 'No API key was given. Send the header Authorization: Bearer KEY.'
          : 'The API key is none of this server.',
      code: 'invalid_api_key',
      headers: { 'www-authenticate': 'Bearer' },
    });
  };
}
