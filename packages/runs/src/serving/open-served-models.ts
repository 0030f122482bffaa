import { basename } from 'node:path';
import { currentEngine } from '@eim/engine';
import { argumentError } from '../arguments/argument-error.js';
import { type ChatModelChoice, openChatModel } from '../chat/open-chat-model.js';
import { completeContext, type RunsContext } from '../context.js';
import type { SchedulerLimits } from './scheduler-limits.js';
import { ServedModel } from './served-model.js';

export interface ServedModelChoice extends ChatModelChoice {
  /** By which requests name it. Absent: the last part of its path, or its name. */
  readonly id?: string | undefined;
}

export interface OpenServedModelsOptions extends RunsContext {
  readonly models: readonly ServedModelChoice[];
  readonly limits?: SchedulerLimits | undefined;
}

/**
 * Loads models to be served, one after the other, all on one engine: the one asked for, else that of the first.
 * @throws EimError `invalid-argument` for none, or two of one id; naming what is wrong with a model
 * @example
 * const [model] = await openServedModels({ packages, models: [{ model: { path: 'runs/demo-eim' } }] });
 * for await (const event of model.ask({ text: 'a' }, { maxNewTokens: 9, seed: 0 })) console.log(event);
 * await model.close();
 */
export async function openServedModels(options: OpenServedModelsOptions): Promise<ServedModel[]> {
  const { models, limits } = options;
  const ids = models.map(({ id, model }) => id ?? basename(model.path));
  const twice = ids.find((id, index) => ids.indexOf(id) < index);
  if (twice !== undefined) {
    throw argumentError(`Two models are called ${twice}.`, 'Name one of them: NAME=MODEL.');
  }
  const opened: ServedModel[] = [];
  try {
    for (const [index, choice] of models.entries()) {
      const engine = opened.length > 0 ? currentEngine()?.name : options.engine;
      const context = completeContext({ ...options, engine });
      opened.push(new ServedModel(ids[index]!, await openChatModel(choice, context), limits));
    }
    return opened;
  } catch (error) {
    for (const model of opened) await model.close();
    throw error;
  }
}
