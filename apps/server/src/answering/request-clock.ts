import type { ServedModel } from '@eim/runs/serving';
import { ApiError, timeoutError } from '../http/api-error.js';
import type { ServerMetrics } from '../metrics/server-metrics.js';

export interface RequestClockOptions {
  /** Seconds that the request may take. */
  readonly seconds: number;
  /** Aborted when the client has gone away. */
  readonly client: AbortSignal;
  readonly metrics: ServerMetrics;
}

/** The time of one request: it ends when it is over, or when the client goes away. */
export class RequestClock {
  readonly signal: AbortSignal;
  readonly #seconds: number;
  readonly #client: AbortSignal;
  readonly #metrics: ServerMetrics;
  readonly #started = performance.now();
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #leave = () => this.#controller.abort();
  #first = true;

  constructor({ seconds, client, metrics }: RequestClockOptions) {
    this.#seconds = seconds;
    this.#client = client;
    this.#metrics = metrics;
    this.signal = this.#controller.signal;
    this.#timer = setTimeout(() => this.#controller.abort(), seconds * 1000);
    client.addEventListener('abort', this.#leave, { once: true });
    if (client.aborted) this.#leave();
  }

  /** A token has come. */
  token(model: ServedModel): void {
    if (this.#first) this.#metrics.firstToken(model.id, (performance.now() - this.#started) / 1000);
    this.#first = false;
  }

  /** When to ask again where too many wait. */
  retryAfter(model: ServedModel): number {
    return this.#metrics.retryAfter(model);
  }

  /** Why the work has ended before the answer: the time is over, the client has left, or the server ends. */
  endedEarly(): ApiError {
    if (this.#client.aborted) {
      return new ApiError({ status: 499, message: 'The client went away.', code: 'client_closed_request' });
    }
    if (this.signal.aborted) return timeoutError(this.#seconds);
    return shuttingDown();
  }

  /** The request is over. */
  stop(model?: ServedModel): void {
    clearTimeout(this.#timer);
    this.#client.removeEventListener('abort', this.#leave);
    if (model) this.#metrics.answered(model.id, (performance.now() - this.#started) / 1000);
  }
}

/** What requests are told once the server ends. */
export const shuttingDown = (): ApiError =>
  new ApiError({
    status: 503,
    message: 'The server is shutting down.',
    code: 'shutting_down',
    headers: { connection: 'close', 'retry-after': '5' },
  });
