import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { EimError } from '@eim/contracts';
import {
  type ChatTemplate,
  type ChatTemplateSource,
  createChatTemplate,
  DEFAULT_TEMPLATE,
} from '../chat/chat-template.js';
import { configChatTemplates } from '../chat/chat-template-sources.js';
import { tokenizerSettings } from '../configuration/tokenizer-settings.js';
import { jsonIn, readDescription } from './read-description.js';
import { readTokenizerFile } from './read-tokenizer-file.js';

const TEMPLATE_FILE = 'chat_template.jinja';
const MORE_TEMPLATES = 'additional_chat_templates';
/** Tokens that classes of transformers know without being told. */
const DEFAULTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  LlamaTokenizer: { bos_token: '<s>', eos_token: '</s>', unk_token: '<unk>' },
  GPT2Tokenizer: { bos_token: '<|endoftext|>', eos_token: '<|endoftext|>', unk_token: '<|endoftext|>' },
};

/**
 * The chat template beside a published tokenizer: `chat_template.jinja` with those in `additional_chat_templates`, else
 * `chat_template.json`, else the `chat_template` of `tokenizer_config.json`.
 * @param path the folder, or a file in it
 * @throws EimError `missing-file` where there is none, `invalid-data` or `invalid-file` naming what is wrong
 */
export async function openChatTemplate(path: string): Promise<ChatTemplate> {
  return createChatTemplate(await readChatTemplates(path));
}

/** The same, unread. @throws EimError as {@link openChatTemplate} */
export async function readChatTemplates(path: string): Promise<ChatTemplateSource> {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const folder = isFolder ? path : dirname(path);
  const description = (await readDescription(folder)) ?? {};
  const settings = tokenizerSettings(description);
  const templates = await templatesIn(folder, description.config);
  if (templates.size === 0) {
    throw new EimError({
      code: 'missing-file',
      message: `${folder} holds no chat template.`,
      advice: `Expected ${TEMPLATE_FILE}, or \`chat_template\` in tokenizer_config.json.`,
      data: { folder },
    });
  }
  const { additional } = settings;
  const variables = {
    ...DEFAULTS[settings.tokenizerClass ?? ''],
    ...Object.fromEntries(settings.named),
    ...(additional.length > 0 && { additional_special_tokens: additional }),
  };
  return { templates, variables, origin: folder };
}

async function templatesIn(folder: string, config: unknown): Promise<ReadonlyMap<string, string>> {
  const files = await templateFiles(folder);
  if (files.size > 0) return files;
  const processor = (await jsonIn(folder, 'chat_template.json')) as { chat_template?: unknown } | undefined;
  const single = configChatTemplates(processor?.chat_template, `${folder}/chat_template.json`);
  if (single.size > 0) return single;
  const { chat_template: value } = (config ?? {}) as { readonly chat_template?: unknown };
  return configChatTemplates(value, `${folder}/tokenizer_config.json`);
}

async function templateFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  const more = join(folder, MORE_TEMPLATES);
  const others = existsSync(more) ? readdirSync(more).filter((name) => name.endsWith('.jinja')) : [];
  const paths = [
    ...(existsSync(join(folder, TEMPLATE_FILE))
      ? [[DEFAULT_TEMPLATE, join(folder, TEMPLATE_FILE)] as const]
      : []),
    ...others.sort().map((name) => [basename(name, '.jinja'), join(more, name)] as const),
  ];
  const read = async (path: string) => new TextDecoder().decode(await readTokenizerFile(path));
  return new Map(await Promise.all(paths.map(async ([name, path]) => [name, await read(path)] as const)));
}
