import type { SurroundingTokens } from '../published/surrounding-tokens.js';
import { isTokenId } from '../tokenizer-json.js';
import { JsonFields } from './json-fields.js';

type PostProcessorReader = (fields: JsonFields) => SurroundingTokens;

const NOTHING: SurroundingTokens = { before: [], after: [] };

const READERS: Readonly<Record<string, PostProcessorReader>> = {
  Sequence(fields) {
    fields.only('type', 'processors');
    return fields
      .list('processors')
      .map((part, index) => read(part, `${fields.path}.processors[${index}]`))
      .reduce(
        (inner, outer) => ({
          before: [...outer.before, ...inner.before],
          after: [...inner.after, ...outer.after],
        }),
        NOTHING,
      );
  },
  ByteLevel(fields) {
    fields.only('type', 'add_prefix_space', 'trim_offsets', 'use_regex');
    return NOTHING;
  },
  TemplateProcessing: readTemplate,
  BertProcessing(fields) {
    fields.only('type', 'sep', 'cls');
    return { before: [pairId(fields, 'cls')], after: [pairId(fields, 'sep')] };
  },
  RobertaProcessing(fields) {
    fields.only('type', 'sep', 'cls', 'trim_offsets', 'add_prefix_space');
    return { before: [pairId(fields, 'cls')], after: [pairId(fields, 'sep')] };
  },
};

/**
 * What the `post_processor` of a `tokenizer.json` puts around a single text.
 * @throws EimError naming a component or a field that is not read exactly
 */
export function readPostProcessor(value: unknown): SurroundingTokens {
  return value === null || value === undefined ? NOTHING : read(value, 'post_processor');
}

function read(value: unknown, path: string): SurroundingTokens {
  const fields = new JsonFields(value, path);
  return fields.ofType(READERS)(fields);
}

/** Ids come from `special_tokens`, where each name may stand for several. */
function readTemplate(fields: JsonFields): SurroundingTokens {
  fields.only('type', 'single', 'pair', 'special_tokens');
  const named = fields.fields('special_tokens');
  const parts = fields
    .list('single')
    .map((part, index) => new JsonFields(part, `${fields.path}.single[${index}]`));
  const texts = parts.flatMap((part, index) => (part.get('Sequence') === undefined ? [] : [index]));
  const [text] = texts;
  if (text === undefined || texts.length > 1 || parts[text]!.fields('Sequence').text('id') !== 'A') {
    throw fields.unfit('single', 'a template with one text, A');
  }
  const ids = (some: readonly JsonFields[]) =>
    some.flatMap((part) => templateIds(named.fields(part.fields('SpecialToken').text('id'))));
  return { before: ids(parts.slice(0, text)), after: ids(parts.slice(text + 1)) };
}

function templateIds(token: JsonFields): number[] {
  const ids = token.list('ids');
  if (ids.every(isTokenId)) return [...ids];
  throw token.unfit('ids', 'a list of ids');
}

/** `["<s>", 0]` */
function pairId(fields: JsonFields, name: string): number {
  const pair = fields.list(name);
  if (isTokenId(pair[1])) return pair[1];
  throw fields.unfit(name, 'a token and its id');
}
