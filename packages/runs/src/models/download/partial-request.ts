import type { Network } from './network.js';
import { statusError } from './network-error.js';

/** The part of a file that a server sends. */
export interface SentPart {
  /** Where it begins; 0 where the server sends the whole. */
  readonly start: number;
  /** Bytes of the whole file, where the server says how many. */
  readonly total: number | undefined;
  /** What tells this version of the file from others, to go on with it later. */
  readonly validator: string | undefined;
  readonly body: AsyncIterable<Uint8Array>;
}

export interface PartialRequest {
  readonly url: string;
  readonly network: Network;
  /** Bytes that are there already. */
  readonly start: number;
  /** The validator that came with them. */
  readonly validator: string | undefined;
  /** What to do where access is refused. */
  readonly refusedAdvice: string;
}

/**
 * Asks for a file from a byte on (RFC 9110, 14.2). A server without ranges, or with another version by now, sends the whole.
 * @returns undefined where the server has nothing beyond `start`
 * @throws EimError `network-failed` or `access-refused`
 */
export async function requestFrom(request: PartialRequest): Promise<SentPart | undefined> {
  const { url, network, start, validator } = request;
  const response = await network.fetch(url, {
    headers: {
      // Ranges count the bytes that are sent, so these have to be the file's own.
      'accept-encoding': 'identity',
      ...(start > 0 && { range: `bytes=${start}-` }),
      ...(start > 0 && validator !== undefined && { 'if-range': validator }),
    },
  });
  const { status, headers, body } = response;
  if (status === 416 && start > 0) {
    await body?.cancel();
    return undefined;
  }
  if ((status !== 200 && status !== 206) || body === null) {
    await body?.cancel();
    throw statusError(response.url || url, status, request.refusedAdvice);
  }
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
  const encoded = !['', 'identity'].includes(headers.get('content-encoding') ?? '');
  const length = headers.get('content-length');
  const total =
    status === 206
      ? range && range[2] !== '*'
        ? Number(range[2])
        : undefined
      : length === null || encoded
        ? undefined
        : Number(length);
  return {
    start: status === 206 ? Number(range?.[1] ?? start) : 0,
    total,
    validator: encoded ? undefined : validatorOf(headers),
    // Read from now on: undici cancels, without an error, what nobody reads of a response that nobody holds.
    body: (
      body as unknown as AsyncIterable<Uint8Array> & { values(): AsyncIterableIterator<Uint8Array> }
    ).values(),
  };
}

/** A strong entity tag, else the date; a weak tag does not promise the same bytes. */
function validatorOf(headers: Headers): string | undefined {
  const tag = headers.get('etag');
  return (
    (tag !== null && !tag.startsWith('W/') ? tag : undefined) ?? headers.get('last-modified') ?? undefined
  );
}
