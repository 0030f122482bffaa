import { setTimeout as after } from 'node:timers/promises';
import { EimError } from '@eim/contracts';
import { argumentError } from '../../arguments/argument-error.js';
import type { CompleteContext } from '../../context.js';
import { type Network, openNetwork } from '../../models/download/network.js';
import { networkError } from '../../models/download/network-error.js';
import { isPassing, readRefusal, refusalError } from './api-refusal.js';
import { backOff, retryAfter } from './retry-delay.js';

export interface ApiConnectionOptions extends Pick<CompleteContext, 'environment'> {
  /** Base of the routes: `http://127.0.0.1:8080/v1`. */
  readonly url: string;
  readonly key?: string | undefined;
}

export interface ApiRequest {
  /** Behind the base: `/chat/completions`. */
  readonly path: string;
  /** Posted as JSON. Absent: the route is read. */
  readonly body?: object | undefined;
  /** What is asked, for a person: an item's name. */
  readonly asked: string;
  readonly signal: AbortSignal;
}

type Outcome = { readonly json: unknown } | Failure;

interface Failure {
  readonly error: EimError;
  readonly isPassing: boolean;
  /** Milliseconds that the server asks for. */
  readonly wait?: number | undefined;
}

/** Milliseconds until a server that says nothing counts as gone: an answer that is not streamed comes whole. */
const PATIENCE = 600_000;
/** A server that asks for more milliseconds than this will not be ready soon. */
const LONGEST_WAIT = 600_000;
const ATTEMPTS = 8;

/** Requests to a server with OpenAI's API. */
export class ApiConnection {
  readonly #options: ApiConnectionOptions;
  readonly #network: Network;

  private constructor(options: ApiConnectionOptions, network: Network) {
    this.#options = options;
    this.#network = network;
  }

  static async open(options: ApiConnectionOptions): Promise<ApiConnection> {
    const { environment } = options;
    return new ApiConnection(options, await openNetwork({ environment, patience: PATIENCE }));
  }

  get url(): string {
    return this.#options.url;
  }

  close(): Promise<void> {
    return this.#network.close();
  }

  /**
   * Sends a request, and again where the server is busy or the connection broke: after as long as `Retry-After` says, or ever longer.
   * @returns the JSON that came
   * @throws EimError `network-failed`, `access-refused` or `invalid-argument` with the server's own words; the signal's reason
   */
  async send(request: ApiRequest): Promise<unknown> {
    for (let attempt = 0; ; attempt++) {
      const outcome = await this.#once(request);
      if ('json' in outcome) return outcome.json;
      const wait = outcome.wait ?? backOff(attempt);
      if (!outcome.isPassing || attempt + 1 === ATTEMPTS || wait > LONGEST_WAIT) throw outcome.error;
      await after(wait, undefined, { signal: request.signal });
    }
  }

  async #once({ path, body, asked, signal }: ApiRequest): Promise<Outcome> {
    const { url, key } = this.#options;
    const address = `${url}${path}`;
    let response: Response;
    let text: string;
    try {
      response = await this.#network.fetch(address, {
        signal,
        headers: {
          ...(body && { 'content-type': 'application/json' }),
          ...(key !== undefined && { authorization: `Bearer ${key}` }),
        },
        ...(body && { method: 'POST', body: JSON.stringify(body) }),
      });
      text = await response.text();
    } catch (cause) {
      signal.throwIfAborted();
      const error = networkError(address, cause);
      if (error.data.passing === true) return { error, isPassing: true };
      throw unreachable(url, error);
    }
    if (response.ok) return { json: jsonOf(address, text) };
    const refusal = readRefusal(url, response.status, text);
    const wait = retryAfter(response.headers.get('retry-after'), Date.now());
    return { error: refusalError(refusal, asked), isPassing: isPassing(refusal), wait };
  }
}

function unreachable(url: string, { message, data, cause }: EimError): EimError {
  if (data.reason !== 'ECONNREFUSED') return new EimError({ code: 'network-failed', message, data, cause });
  return new EimError({
    code: 'network-failed',
    message: `No server listens at ${url}.`,
    advice: 'Start it, or check host and port; the same command goes on where this one ended.',
    data,
    cause,
  });
}

function jsonOf(address: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw argumentError(
      `${address} answers with something that is no JSON: ${text.replace(/\s+/g, ' ').slice(0, 80)}`,
      'Check the address: it is what stands before /chat/completions, and mostly ends in /v1.',
    );
  }
}
