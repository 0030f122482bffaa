import type { ServedModel } from '@eim/runs/serving';
import { fieldError } from '../http/api-error.js';
import { readChatCompletionRequest } from '../requests/chat-completion-request.js';
import type { PictureField } from '../requests/read-messages.js';
import { readPictureField } from '../requests/read-picture.js';
import { chatCompletion, chatCompletionChunks } from '../responses/chat-completion.js';
import type { ServerState } from '../server-state.js';
import { answerRoute } from './answer-route.js';

/** `POST /v1/chat/completions` */
export const chatCompletionsRoute = (state: ServerState) =>
  answerRoute(state, async (body) => {
    const request = readChatCompletionRequest(body, state.limits);
    const { model: id, messages, picture: shown, stream, includeUsage, ...choice } = request;
    const model = state.model(id);
    const picture = shown && (await preparedPicture(shown, model, state));
    return {
      model,
      prompts: [{ messages: messages.map(({ role, content }) => ({ role, content })) }],
      choice: { ...choice, picture },
      stream,
      whole: (answers) => chatCompletion(answers, model),
      chunks: (answers) => chatCompletionChunks(answers, model, includeUsage),
    };
  });

async function preparedPicture(shown: PictureField, model: ServedModel, { limits }: ServerState) {
  if (model.showsPictures) return model.prepare(await readPictureField(shown, limits));
  throw fieldError(
    shown.param,
    `\`${shown.param}\`: the model ${model.id} is an LLM by itself and sees no pictures.`,
    'unsupported_value',
  );
}
