import { readConfig } from '../config/read-config.js';
import type { CompleteContext } from '../context.js';
import { startChosenEngine } from '../engine/start-chosen-engine.js';
import { loadRunModel } from '../model/load-run-model.js';
import { RunFolder } from '../run-folder/run-folder.js';
import { plainForm } from './chat-form.js';
import type { OpenedChatModel } from './opened-chat-model.js';

/** Loads the model of a run to chat with. @throws EimError naming what is wrong with the run */
export async function openChatRun(path: string, context: CompleteContext): Promise<OpenedChatModel> {
  const folder = RunFolder.open(path);
  const { config } = await readConfig(folder.configFile, context);
  await startChosenEngine(context, config.engine);
  const { model, tokenizer } = await loadRunModel(folder, context);
  return { path, kind: 'run', parts: model, form: plainForm(tokenizer), dispose: () => model.dispose() };
}
