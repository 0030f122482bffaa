import { argumentError } from '../arguments/argument-error.js';
import type { CompleteContext } from '../context.js';
import { beginChosenEngine } from '../engine/start-chosen-engine.js';
import { isRun } from '../listing/find-runs.js';
import { openTokenizerOf } from '../model/open-tokenizer-of.js';
import { requireModelPath } from '../models/require-model-path.js';
import { tokenizerPath } from '../published/generation-tokenizer.js';
import { loadPublishedLanguageModel, type ModelSpec } from '../published/load-published.js';
import { promptIds } from '../published/prompt-ids.js';
import { type ChatForm, plainForm, templateForm } from './chat-form.js';
import { hasChatTemplate, openChat } from './open-chat.js';
import type { OpenedChatModel } from './opened-chat-model.js';

export interface ChatModelChoice {
  /** A run, published weights, or the name of a model that was pulled. */
  readonly model: ModelSpec;
  /** Path of a tokenizer with its chat template. Absent: the one that comes with the weights. */
  readonly tokenizer?: string | undefined;
  /** Name of the chat template. @default 'default' */
  readonly chatTemplate?: string | undefined;
}

/**
 * Loads what a chat is held with.
 * @throws EimError naming what is wrong with the path, the weights, the tokenizer or the template
 */
export async function openChatModel(
  choice: ChatModelChoice,
  context: CompleteContext,
): Promise<OpenedChatModel> {
  const path = requireModelPath(choice.model.path, context);
  return isRun(path) ? await openRun(path, choice, context) : await openWeights(path, choice, context);
}

async function openRun(
  path: string,
  { tokenizer: named, chatTemplate, model: { use } }: ChatModelChoice,
  context: CompleteContext,
): Promise<OpenedChatModel> {
  const compute = context.compute === 'fast' ? context.compute : undefined;
  const foreign = { tokenizer: named, 'chat-template': chatTemplate, weights: use, compute };
  const [option] = Object.entries(foreign).find(([, value]) => value !== undefined) ?? [];
  if (option !== undefined) {
    throw argumentError(
      `--${option} was given, but ${path} is a run, which has its own.`,
      'Leave the option out.',
    );
  }
  // Published weights need none of what reads configs and runs.
  const { openChatRun } = await import('./open-chat-run.js');
  return await openChatRun(path, context);
}

async function openWeights(
  path: string,
  { model: spec, tokenizer: named, chatTemplate }: ChatModelChoice,
  context: CompleteContext,
): Promise<OpenedChatModel> {
  const found = tokenizerPath({ ...context, weights: path, named });
  if (found === undefined) {
    throw argumentError(`There is no tokenizer with ${path}.`, 'Name one by --tokenizer.');
  }
  const startedEngine = beginChosenEngine(context);
  const form = await formOf(found, chatTemplate);
  const engine = await startedEngine();
  const llm = await loadPublishedLanguageModel(spec, { engine, context, tokenizer: form.tokenizer });
  return { path, kind: 'llm', parts: { llm }, form, dispose: () => llm.dispose() };
}

/** Only a model without any template is asked in plain text; one that is damaged, or lacks under a name, is an error. */
async function formOf(path: string, template: string | undefined): Promise<ChatForm> {
  if (template !== undefined || (await hasChatTemplate(path)))
    return templateForm(await openChat(path, { template }));
  const tokenizer = await openTokenizerOf(path);
  return plainForm(tokenizer, (text) => ({ ids: promptIds(tokenizer, text) }));
}
