import { EimError } from '@eim/contracts';
import type { GeneratedStep, GenerateRequest } from '@eim/contracts/model';
import { checkRequest } from './check-request.js';
import { decodeBeams } from './decode-beams.js';
import { decodeRows } from './decode-rows.js';
import { type DecodableModel, DecodeSession } from './decode-session.js';
import { readPromptLayout } from './prompt-layout.js';

/**
 * Generates with a language model's `forward` and its cache: greedy, sampled, or by beam search. A row's
 * answer does not depend on the other rows of its batch. A row ends at a stop token, after `maxNewTokens`,
 * or where the model's context is full. The request's tensors stay the caller's and must live until the
 * iteration ends; leaving it early frees what it holds.
 * @throws EimError `invalid-argument` for a request that cannot be carried out; the abort signal's reason once it is aborted
 */
export async function* decodeTokens(
  model: DecodableModel,
  request: GenerateRequest,
): AsyncGenerator<GeneratedStep, void, undefined> {
  checkRequest(request);
  const layout = await readPromptLayout(request.embeddings, request.mask);
  const longest = Math.max(...layout.lengths);
  if (longest > model.contextLength) {
    throw new EimError({
      code: 'invalid-argument',
      message: `generate: a prompt has ${longest} tokens; the model's context holds ${model.contextLength}.`,
      advice: 'Shorten the prompt or the prefix.',
      data: { promptLength: longest, contextLength: model.contextLength },
    });
  }
  // the last token is never read back, so it needs no position
  const limits = layout.lengths.map((length) =>
    Math.min(request.maxNewTokens, model.contextLength - length + 1),
  );
  const { beams = 1 } = request;
  const session = new DecodeSession(model, request, layout, beams);
  try {
    yield* beams > 1 ? decodeBeams(session, request, limits) : decodeRows(session, request, limits);
  } finally {
    session.dispose();
  }
}
