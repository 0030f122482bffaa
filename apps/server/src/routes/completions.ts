import { readCompletionRequest } from '../requests/completion-request.js';
import { completion, completionChunks } from '../responses/completion.js';
import type { ServerState } from '../server-state.js';
import { answerRoute } from './answer-route.js';

/** `POST /v1/completions` */
export const completionsRoute = (state: ServerState) =>
  answerRoute(state, async (body) => {
    const request = readCompletionRequest(body, state.limits);
    const { model: id, prompts, stream, includeUsage, ...choice } = request;
    const model = state.model(id);
    return {
      model,
      prompts,
      choice,
      stream,
      whole: (answers) => completion(answers, model),
      chunks: (answers) => completionChunks(answers, model, includeUsage),
    };
  });
