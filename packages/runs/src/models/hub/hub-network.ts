import { EimError } from '@eim/contracts';
import { argumentError } from '../../arguments/argument-error.js';
import type { Network } from '../download/network.js';
import { statusError } from '../download/network-error.js';
import type { HubSource } from '../model-source.js';
import { sourceText } from '../model-source.js';
import type { HubSettings } from './hub-settings.js';

/**
 * A network that shows the hub its user's token, and nobody else, and that says in words why the hub refuses.
 * @throws EimError from `fetch`: `access-refused` for a gated or private repository, `invalid-argument` for one, or a
 * revision, that is not there
 */
export function hubNetwork(network: Network, source: HubSource, { endpoint, token }: HubSettings): Network {
  const { origin } = new URL(endpoint);
  return {
    ...network,
    fetch: async (input, init = {}) => {
      const url = new URL(String(input));
      const isHub = url.origin === origin;
      const headers = {
        ...(init.headers as Record<string, string> | undefined),
        ...(isHub && token !== undefined && { authorization: `Bearer ${token}` }),
      };
      const response = await network.fetch(url, { ...init, headers });
      if (!isHub || response.ok || response.status === 416) return response;
      await response.body?.cancel();
      throw refusal(response, url, source, endpoint, token !== undefined);
    },
  };
}

function refusal(
  response: Response,
  asked: URL,
  source: HubSource,
  endpoint: string,
  hasToken: boolean,
): EimError {
  const { status, headers } = response;
  const code = headers.get('x-error-code');
  const name = sourceText(source);
  const page = `${endpoint}/${source.repository}`;
  const refused = (message: string, advice: string) =>
    new EimError({ code: 'access-refused', message, advice, data: { source: name, status, reason: code } });
  if (code === 'RevisionNotFound') {
    return argumentError(
      `${page} has no revision "${source.revision ?? 'main'}".`,
      'Name a branch, a tag or a commit.',
    );
  }
  if (code === 'GatedRepo') {
    return refused(
      `${name} is gated: its owner lets nobody fetch it who has not agreed to its licence.`,
      hasToken
        ? `The account of your token has not been let in; ask for it at ${page}, and see that the token may read gated repositories.`
        : `Agree at ${page}, make a token at ${endpoint}/settings/tokens, and set HF_TOKEN to it.`,
    );
  }
  if (code === 'RepoNotFound' && status === 404) {
    return argumentError(`There is no ${page}, or your token may not see it.`, 'Check owner and name.');
  }
  if (status === 401) {
    return refused(
      hasToken
        ? `${endpoint} does not accept your token for ${name}.`
        : `${name} does not exist, or is private.`,
      hasToken
        ? `Make another at ${endpoint}/settings/tokens and set HF_TOKEN to it, or check owner and name.`
        : 'Check owner and name; for a private repository set HF_TOKEN to a token that may read it.',
    );
  }
  if (status === 404) {
    return argumentError(
      `${endpoint} knows no ${name} (${asked.pathname}).`,
      'Check owner, name and revision.',
    );
  }
  return statusError(asked, status, `See ${page} in a browser; a token (HF_TOKEN) may be needed.`);
}
