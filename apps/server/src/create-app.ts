import type { ServedModel } from '@eim/runs/serving';
import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { shuttingDown } from './answering/request-clock.js';
import { ApiError } from './http/api-error.js';
import { keyCheck } from './http/api-keys.js';
import { JsonBodyReader } from './http/read-json-body.js';
import { ServerMetrics } from './metrics/server-metrics.js';
import type { Page } from './page/read-page.js';
import { servePage } from './page/serve-page.js';
import { chatCompletionsRoute } from './routes/chat-completions.js';
import { completionsRoute } from './routes/completions.js';
import { modelRoute, modelsRoute } from './routes/models.js';
import { completeServerLimits, type ServerLimits } from './server-limits.js';
import { ServerState } from './server-state.js';

export interface AppOptions {
  readonly models: readonly ServedModel[];
  /** Keys of which requests must bring one. Absent or empty: none is asked for. */
  readonly apiKeys?: readonly string[] | undefined;
  /** Origins whose pages may read answers; `*` for all. Absent: none. */
  readonly origins?: readonly string[] | undefined;
  readonly limits?: ServerLimits | undefined;
  /** The chat page, served at `/`, as `readPage` gives it. Absent: none. */
  readonly page?: Page | undefined;
  /** Receives errors that are the server's own. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** OpenAI's routes over served models, with what the server tells of itself. */
export interface App {
  readonly app: Hono;
  readonly state: ServerState;
}

/**
 * The routes, for any server that speaks the fetch API.
 * @example
 * const { app } = createApp({ models: await openServedModels({ packages, models }) });
 * const response = await app.request('/v1/models');
 */
export function createApp(options: AppOptions): App {
  const { models, apiKeys = [], origins = [], page, onError = () => {} } = options;
  const limits = completeServerLimits(options.limits);
  const state = new ServerState(models, limits, new ServerMetrics(), new JsonBodyReader(limits), onError);
  const app = new Hono();
  app.onError((error, context) => {
    const described = state.described(error);
    return context.json(described.body, described.status as 400, described.headers);
  });
  app.notFound(() => {
    throw new ApiError({ status: 404, message: 'There is nothing at this address.', code: 'not_found' });
  });
  app.use(async (context, next) => {
    await next();
    context.header('x-content-type-options', 'nosniff');
  });
  if (origins.length > 0) {
    app.use(
      '/v1/*',
      cors({
        origin: origins.includes('*') ? '*' : [...origins],
        allowHeaders: ['authorization', 'content-type'],
        allowMethods: ['GET', 'POST'],
        exposeHeaders: ['retry-after'],
      }),
    );
  }
  const check = keyCheck(apiKeys);
  const guarded = ['/v1/*', '/metrics'];
  for (const path of guarded) {
    app.use(path, async (context, next) => {
      check?.(context.req.header('authorization'));
      if (state.isEnding && path === '/v1/*') throw shuttingDown();
      await next();
    });
  }
  app.get('/healthz', (context) => context.json({ status: 'ok' }));
  app.get('/readyz', (context) =>
    state.isEnding ? context.json({ status: 'ending' }, 503) : context.json({ status: 'ready' }),
  );
  app.get('/metrics', (context) =>
    context.body(state.metrics.text(state.models), 200, { 'content-type': 'text/plain; version=0.0.4' }),
  );
  app.get('/v1/models', modelsRoute(state));
  app.get('/v1/models/:id{.+}', modelRoute(state));
  app.post('/v1/chat/completions', chatCompletionsRoute(state));
  app.post('/v1/completions', completionsRoute(state));
  if (page) servePage(app, page);
  for (const [path, allow] of METHODS) {
    app.all(path, () => {
      throw new ApiError({
        status: 405,
        message: `This address takes ${allow} alone.`,
        code: 'method_not_allowed',
        headers: { allow },
      });
    });
  }
  return { app, state };
}

const METHODS = [
  ['/healthz', 'GET'],
  ['/readyz', 'GET'],
  ['/metrics', 'GET'],
  ['/v1/models', 'GET'],
  ['/v1/models/:id{.+}', 'GET'],
  ['/v1/chat/completions', 'POST'],
  ['/v1/completions', 'POST'],
] as const;
