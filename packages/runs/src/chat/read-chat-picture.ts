import { EimError, type RawPicture } from '@eim/contracts';
import { decodePicture, readPicture } from '@eim/images/node';
import { argumentError } from '../arguments/argument-error.js';
import type { CompleteContext } from '../context.js';
import { openNetwork } from '../models/download/network.js';
import { shownBytes } from '../models/download/shown-bytes.js';
import type { ChatPictureSource } from './chat-history.js';

/** Greatest size of a picture that is fetched, in bytes. */
const LARGEST = 50_000_000;

export interface ReadChatPictureOptions extends Pick<CompleteContext, 'environment' | 'signal'> {
  /** Whether addresses may be fetched. */
  readonly allowFetch: boolean;
}

/**
 * Reads and decodes a picture, turned upright: a file, or with `allowFetch` an http or https address.
 * @throws EimError `invalid-argument` for an address that may not be fetched, `network-failed`; naming what is wrong with the file
 */
export async function readChatPicture(
  source: ChatPictureSource,
  { allowFetch, ...context }: ReadChatPictureOptions,
): Promise<RawPicture> {
  const upright = { applyOrientation: true };
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(source)) return await readPicture(source, upright);
  if (!/^https?:/i.test(source)) {
    throw argumentError(
      `${source} is an address of an unknown kind.`,
      'Give a file, or an http or https address.',
    );
  }
  if (!allowFetch) {
    throw argumentError(
      `The picture ${source} is an address, and nothing is fetched here unless asked for.`,
      'Save the picture and give its path, or start with --allow-fetch.',
    );
  }
  return await decodePicture(await fetchBytes(source, context), source, upright);
}

async function fetchBytes(
  address: string,
  context: Pick<CompleteContext, 'environment' | 'signal'>,
): Promise<Uint8Array> {
  const network = await openNetwork(context);
  try {
    const response = await network.fetch(address);
    if (!response.ok) throw failed(address, `answered ${response.status} ${response.statusText}`.trimEnd());
    const chunks: Uint8Array[] = [];
    let size = 0;
    const reader = response.body?.getReader();
    for (let read = await reader?.read(); read?.value; read = await reader?.read()) {
      size += read.value.byteLength;
      if (size > LARGEST) throw failed(address, `is larger than ${shownBytes(LARGEST)}`);
      chunks.push(read.value);
    }
    return Buffer.concat(chunks);
  } finally {
    await network.close();
  }
}

function failed(address: string, what: string): EimError {
  return new EimError({
    code: 'network-failed',
    message: `The picture ${address} ${what}.`,
    advice: 'Check the address, or save the picture and give its path.',
    data: { address },
  });
}
