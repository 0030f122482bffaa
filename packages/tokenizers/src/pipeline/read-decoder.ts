import { JsonFields } from './json-fields.js';

/** The fields of each decoder; what they do stands in `decode-library-tokens.ts`. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Sequence: ['decoders'],
  Replace: ['pattern', 'content'],
  ByteFallback: [],
  Fuse: [],
  Strip: ['content', 'start', 'stop'],
  ByteLevel: ['add_prefix_space', 'trim_offsets', 'use_regex'],
  Metaspace: ['replacement', 'str_rep', 'add_prefix_space', 'prepend_scheme', 'split'],
};

/**
 * Checks the `decoder` of a `tokenizer.json`.
 * @throws EimError naming a component or a field that is not read exactly
 */
export function checkDecoder(value: unknown): void {
  if (value !== null && value !== undefined) check(value, 'decoder');
}

function check(value: unknown, path: string): void {
  const fields = new JsonFields(value, path);
  const type = String(fields.get('type'));
  fields.only('type', ...fields.ofType(FIELDS));
  if (type === 'Sequence') {
    for (const [index, part] of fields.list('decoders').entries()) check(part, `${path}.decoders[${index}]`);
  }
  if (type === 'Replace') {
    const pattern = fields.fields('pattern');
    pattern.only('String');
    if (pattern.text('String') === '') throw pattern.unfit('String', 'a text of at least one character');
    fields.text('content');
  }
  if (type === 'Strip') {
    if (fields.text('content') === '') throw fields.unfit('content', 'one character');
    if (fields.count('start') > 9 || fields.count('stop') > 9)
      throw fields.unfit('start', 'a number below 10');
  }
  if (type === 'Metaspace') {
    if (fields.text('replacement') === '') throw fields.unfit('replacement', 'one character');
    fields.choice('prepend_scheme', ['always', 'first', 'never'], 'always');
  }
}
