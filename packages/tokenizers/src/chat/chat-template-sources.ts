import { EimError } from '@eim/contracts';
import { type ChatTemplateSource, DEFAULT_TEMPLATE } from './chat-template.js';

const GGUF_KEY = 'tokenizer.chat_template';
/** Tokens that templates name, by their keys in a GGUF file. */
const GGUF_TOKENS: Readonly<Record<string, string>> = {
  bos: 'bos_token',
  eos: 'eos_token',
  unknown: 'unk_token',
  seperator: 'sep_token',
  padding: 'pad_token',
  cls: 'cls_token',
  mask: 'mask_token',
};

/**
 * The chat templates that a GGUF file carries: `tokenizer.chat_template`, and `tokenizer.chat_template.NAME` for others.
 * Undefined where it has none.
 * @param origin name of the file
 * @throws EimError `invalid-data` naming the key that is no text
 */
export function ggufChatTemplates(
  metadata: Readonly<Record<string, unknown>>,
  origin: string,
): ChatTemplateSource | undefined {
  const templates = new Map<string, string>();
  for (const [key, value] of Object.entries(metadata)) {
    if (key !== GGUF_KEY && !key.startsWith(`${GGUF_KEY}.`)) continue;
    const name = key.slice(GGUF_KEY.length + 1) || DEFAULT_TEMPLATE;
    templates.set(name, textOf(value, origin, key));
  }
  if (templates.size === 0) return undefined;
  const tokens = metadata['tokenizer.ggml.tokens'];
  const texts = Array.isArray(tokens) ? (tokens as unknown[]) : [];
  const variables = Object.entries(GGUF_TOKENS).flatMap(([key, name]) => {
    const text = texts[Number(metadata[`tokenizer.ggml.${key}_token_id`] ?? -1)];
    return typeof text === 'string' ? [[name, text] as const] : [];
  });
  return { templates, variables: Object.fromEntries(variables), origin };
}

/**
 * The templates of the `chat_template` of a `tokenizer_config.json` or `chat_template.json`: a text, or a list of named
 * ones. Empty where there is none.
 * @param origin name of the file
 * @throws EimError `invalid-data` where it is something else
 */
export function configChatTemplates(value: unknown, origin: string): ReadonlyMap<string, string> {
  if (value === undefined || value === null) return new Map();
  if (!Array.isArray(value)) return new Map([[DEFAULT_TEMPLATE, textOf(value, origin, 'chat_template')]]);
  return new Map(
    value.map((entry, index) => {
      const { name, template } = (entry ?? {}) as { readonly name?: unknown; readonly template?: unknown };
      const field = `chat_template[${index}]`;
      return [textOf(name, origin, `${field}.name`), textOf(template, origin, `${field}.template`)] as const;
    }),
  );
}

function textOf(value: unknown, origin: string, field: string): string {
  if (typeof value === 'string') return value;
  throw new EimError({
    code: 'invalid-data',
    message: `${origin}: \`${field}\` is no text.`,
    advice: 'Mend it, or copy or download the file again.',
    data: { field },
  });
}
