import type { ServedModel } from '@eim/runs/serving';
import type { Context } from 'hono';
import type { ServerState } from '../server-state.js';

const listed = (
  { id, contextLength, showsPictures, engine, compute }: ServedModel,
  { started, limits }: ServerState,
) => ({
  id,
  object: 'model',
  created: started,
  owned_by: 'eim',
  context_length: contextLength,
  max_new_tokens: limits.newTokens,
  shows_pictures: showsPictures,
  ...(engine && { engine: { name: engine.name, device: engine.device, threads: engine.threads } }),
  compute,
});

/** `GET /v1/models` */
export const modelsRoute = (state: ServerState) => (context: Context) =>
  context.json({ object: 'list', data: state.models.map((model) => listed(model, state)) });

/** `GET /v1/models/ID`. An id is looked up among the models that are served, and nowhere else. */
export const modelRoute = (state: ServerState) => (context: Context) =>
  context.json(listed(state.model(context.req.param('id') ?? ''), state));
