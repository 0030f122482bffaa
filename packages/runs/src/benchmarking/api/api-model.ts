import { EimError } from '@eim/contracts';
import { argumentError } from '../../arguments/argument-error.js';
import type { ApiConnection } from './api-connection.js';

/**
 * The model that is asked: the one named, or the only one that the server lists.
 * @throws EimError `invalid-argument` where none is named and the server lists several or none
 */
export async function apiModel(
  connection: ApiConnection,
  named: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  if (named !== undefined) return named;
  const ids = await listedModels(connection, signal);
  if (ids.length === 1) return ids[0]!;
  throw argumentError(
    ids.length === 0
      ? `${connection.url} lists no model.`
      : `${connection.url} has several models: ${ids.slice(0, 20).join(', ')}${ids.length > 20 ? ', ...' : ''}.`,
    'Name the one to ask by --model NAME.',
  );
}

/** The error for a model that the server lacks, with those that it has. */
export async function unknownModel(
  connection: ApiConnection,
  model: string,
  { error, signal }: { readonly error: EimError; readonly signal: AbortSignal },
): Promise<EimError> {
  const ids = await listedModels(connection, signal).catch(() => []);
  return new EimError({
    code: 'invalid-argument',
    message: `${connection.url} has no model "${model}".`,
    advice:
      ids.length === 0
        ? 'Name one that it has by --model.'
        : `It has ${ids.slice(0, 20).join(', ')}: name one by --model.`,
    data: error.data,
  });
}

/** `GET /models`. */
async function listedModels(connection: ApiConnection, signal: AbortSignal): Promise<string[]> {
  const list = await connection.send({ path: '/models', asked: 'the list of models', signal });
  const { data } = (list ?? {}) as { readonly data?: unknown };
  if (!Array.isArray(data)) return [];
  return data.flatMap(({ id }: { id?: unknown }) => (typeof id === 'string' ? [id] : []));
}
