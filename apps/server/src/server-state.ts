import type { ServedModel } from '@eim/runs/serving';
import { ApiError, apiErrorOf } from './http/api-error.js';
import type { JsonBodyReader } from './http/read-json-body.js';
import type { ServerMetrics } from './metrics/server-metrics.js';
import type { CompleteServerLimits } from './server-limits.js';

/** What all routes share. */
export class ServerState {
  /** Set when the server ends: no request begins any more. */
  isEnding = false;
  readonly #models: ReadonlyMap<string, ServedModel>;
  readonly #onError: (error: unknown) => void;
  /** In seconds since 1970. */
  readonly started = Math.floor(Date.now() / 1000);

  constructor(
    models: readonly ServedModel[],
    readonly limits: CompleteServerLimits,
    readonly metrics: ServerMetrics,
    readonly bodies: JsonBodyReader,
    /** Receives what went wrong in the server itself. */
    onError: (error: unknown) => void,
  ) {
    this.#models = new Map(models.map((model) => [model.id, model]));
    this.#onError = onError;
  }

  get models(): readonly ServedModel[] {
    return [...this.#models.values()];
  }

  /** @throws ApiError 404 where no model has this id */
  model(id: string): ServedModel {
    const model = this.#models.get(id);
    if (model) return model;
    throw new ApiError({
      status: 404,
      param: 'model',
      message: `There is no model "${id.slice(0, 200)}" here; there is ${[...this.#models.keys()].join(', ')}.`,
      code: 'model_not_found',
    });
  }

  /** An error as the client is told of it; what the server did wrong is reported. */
  described(error: unknown): ApiError {
    const described = apiErrorOf(error);
    if (described.status === 500) this.#onError(error);
    return described;
  }
}
