import { ApiError } from './api-error.js';

export interface BodyLimits {
  readonly bodyBytes: number;
  readonly allBodiesBytes: number;
}

/** Reads bodies of JSON, each up to a size, and no more than a size of all that are being read at once. */
export class JsonBodyReader {
  readonly #limits: BodyLimits;
  #held = 0;

  constructor(limits: BodyLimits) {
    this.#limits = limits;
  }

  /**
   * @throws ApiError 415 for another type, 413 for a body that is too large, 429 while others take up the room, 400 for what is
   * not JSON in UTF-8
   */
  async read(request: Request): Promise<unknown> {
    const type = request.headers.get('content-type') ?? '';
    if (!/^application\/json\s*(;|$)/i.test(type)) {
      throw new ApiError({
        status: 415,
        message: `The body is ${type === '' ? 'of no type' : `${type}`}; it must be application/json. Send the header Content-Type: application/json.`,
        code: 'unsupported_media_type',
      });
    }
    const declared = Number(request.headers.get('content-length') ?? 0);
    if (declared > this.#limits.bodyBytes) throw this.#tooLarge();
    return parse(await this.#bytes(request));
  }

  async #bytes(request: Request): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    const reader = request.body?.getReader();
    try {
      for (let read = await reader?.read(); read?.value; read = await reader?.read()) {
        const { byteLength } = read.value;
        size += byteLength;
        this.#held += byteLength;
        if (size > this.#limits.bodyBytes) throw this.#tooLarge();
        if (this.#held > this.#limits.allBodiesBytes) throw crowded();
        chunks.push(read.value);
      }
      return Buffer.concat(chunks);
    } catch (error) {
      if (error instanceof ApiError) throw error;
      throw new ApiError({ status: 400, message: 'The body ended early.', code: 'incomplete_body' });
    } finally {
      this.#held -= size;
      reader?.releaseLock();
    }
  }

  #tooLarge(): ApiError {
    return new ApiError({
      status: 413,
      message: `The body has more than ${this.#limits.bodyBytes} bytes. Send a shorter one, or smaller pictures.`,
      code: 'body_too_large',
    });
  }
}

const crowded = () =>
  new ApiError({
    status: 429,
    message: 'The server is reading as many requests as it has room for. Try again later.',
    type: 'rate_limit_error',
    code: 'server_busy',
    headers: { 'retry-after': '1' },
  });

function parse(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ApiError({ status: 400, message: 'The body is not valid UTF-8.', code: 'invalid_utf8' });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ApiError({
      status: 400,
      message: `The body is not valid JSON (${reason}).`,
      code: 'invalid_json',
    });
  }
}
