import { existsSync, statSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { huggingFaceTokenizer } from '@eim/tokenizers';
import { hasTokenizer } from '@eim/tokenizers/node';
import { writeFileAtomically } from '@eim/weights/node';
import { findChatTemplates } from '../../chat/open-chat.js';
import type { ExportSource } from '../export-source.js';

/** What transformers reads of a tokenizer beside its vocabulary. */
const FILES = [
  'tokenizer.json',
  'tokenizer.model',
  'vocab.json',
  'merges.txt',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'chat_template.jinja',
];

/**
 * Writes the tokenizer where `AutoTokenizer` finds it: copies of a published folder's files, else a `tokenizer.json` with the same
 * ids and a `tokenizer_config.json`, with the chat templates of a GGUF file.
 * @throws EimError `invalid-argument` naming what of it a `tokenizer.json` cannot say
 */
export async function writeTokenizerFiles(
  { tokenizer, tokenizerPath, llm }: ExportSource,
  out: string,
): Promise<void> {
  if (tokenizerPath !== undefined && isTransformersFolder(tokenizerPath)) {
    for (const name of FILES) {
      const file = join(tokenizerPath, name);
      if (existsSync(file)) await copyFile(file, join(out, name));
    }
    return;
  }
  const { json, config } = huggingFaceTokenizer(tokenizer);
  const templates = tokenizerPath === undefined ? undefined : await templatesOf(tokenizerPath);
  const whole = { ...config, model_max_length: llm.contextLength, ...templates };
  await writeFileAtomically(join(out, 'tokenizer.json'), `${JSON.stringify(json)}\n`);
  await writeFileAtomically(join(out, 'tokenizer_config.json'), `${JSON.stringify(whole, undefined, 2)}\n`);
}

const isTransformersFolder = (path: string): boolean =>
  statSync(path).isDirectory() &&
  hasTokenizer(path) &&
  (existsSync(join(path, 'tokenizer.json')) || existsSync(join(path, 'tokenizer_config.json')));

/** Chat templates in the form of `tokenizer_config.json`. */
async function templatesOf(path: string): Promise<{ readonly chat_template?: unknown }> {
  const { templates } = (await findChatTemplates(path)) ?? {};
  if (!templates?.size) return {};
  const list = [...templates].map(([name, template]) => ({ name, template }));
  return { chat_template: list.length === 1 ? list[0]!.template : list };
}
