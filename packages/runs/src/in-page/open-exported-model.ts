import { createPart, loadSavedModel, type PluginLoader } from '@eim/core';
import { createRandomStream, currentEngine } from '@eim/engine';
import { createChatTemplate, createTokenizer, type TokenizerOptions } from '@eim/tokenizers';
import { requireMemoryFor, SafetensorsFile } from '@eim/weights';
import { type ChatForm, plainForm, templateForm } from '../chat/chat-form.js';
import { chatOfTemplate } from '../chat/chat-of-template.js';
import type { OpenedChatModel } from '../chat/opened-chat-model.js';
import type { PluginPackages } from '../context.js';
import { promptIds } from '../published/prompt-ids.js';
import type { ExportedFiles } from './exported-files.js';
import { openExportedWeights } from './open-exported-weights.js';
import type { WebContents } from './web-manifest.js';

type RunContents = Extract<WebContents, { kind: 'run' }>;
type LlmContents = Extract<WebContents, { kind: 'llm' }>;

/**
 * Loads the model of an exported folder onto the engine that runs.
 * @param packages the plug-ins that there are
 * @throws EimError `plugin-not-found`; naming what is wrong with a file; `invalid-argument` where memory does not suffice
 */
export async function openExportedModel(
  contents: WebContents,
  files: ExportedFiles,
  packages: PluginPackages,
): Promise<Omit<OpenedChatModel, 'path'>> {
  const loadPlugin = loaderOf(packages);
  return contents.kind === 'run'
    ? await openRun(contents, files, loadPlugin)
    : await openLlm(contents, files, loadPlugin);
}

async function openRun(contents: RunContents, files: ExportedFiles, loadPlugin: PluginLoader) {
  const folder = contents.model;
  // Which part's weights are asked for is known by their path in the description, as it was saved.
  const { model, tokenizer } = await loadSavedModel(
    {
      name: folder,
      readText: (file) => files.text(`${folder}/${file}`),
      openTensors: async (file) => await SafetensorsFile.open(files.source(`${folder}/${file}`)),
      openWeights: async ({ path }) => await openExportedWeights(contents.weights[path]!, files),
    },
    { loadPlugin, createTokenizer },
  );
  return {
    kind: 'run' as const,
    parts: model,
    form: plainForm(tokenizer!),
    dispose: () => model.dispose(),
  };
}

async function openLlm(contents: LlmContents, files: ExportedFiles, loadPlugin: PluginLoader) {
  const { use, preset, weights: described } = contents;
  const form = await formOf(contents, files);
  const { part: llm } = await createPart(
    'languageModels',
    { use, weights: described.folder, ...(preset !== undefined && { preset }) },
    {
      loadPlugin,
      openWeights: () => openExportedWeights(described, files),
      onOpened: (weights) => {
        if (currentEngine()?.name === 'wasm') requireMemoryFor(weights as never, { inBlocks: true });
      },
      context: { random: createRandomStream(0), frozen: true, tokenizer: form.tokenizer },
    },
  );
  return { kind: 'llm' as const, parts: { llm }, form, dispose: () => llm.dispose() };
}

async function formOf({ tokenizer: described, chat }: LlmContents, files: ExportedFiles): Promise<ChatForm> {
  const { file, parseSpecialTokens, specialTokens } = described;
  const options: TokenizerOptions = {
    parseSpecialTokens,
    ...(specialTokens && { specialTokens: specialTokens as TokenizerOptions['specialTokens'] & object }),
  };
  const tokenizer = createTokenizer(await files.json(file), options);
  if (chat === undefined) return plainForm(tokenizer, (text) => ({ ids: promptIds(tokenizer, text) }));
  const { templates, variables, origin } = chat;
  const template = createChatTemplate({ templates: new Map(Object.entries(templates)), variables, origin });
  return templateForm(chatOfTemplate(template, tokenizer));
}

const loaderOf =
  (packages: PluginPackages): PluginLoader =>
  async (name) => {
    const load = Object.hasOwn(packages, name) ? packages[name] : undefined;
    return load
      ? { found: true, manifest: (await load()).default, from: 'the page' }
      : { found: false, lookedIn: ['the page'] };
  };
