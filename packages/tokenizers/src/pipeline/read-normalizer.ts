import { lowercase } from '../pre-tokenize.js';
import { JsonFields } from './json-fields.js';
import { normalForm } from './library-unicode.js';
import { readPattern } from './read-pattern.js';

/** What happens to a text before it is split. */
export type Normalize = (text: string) => string;

type NormalizerReader = (fields: JsonFields) => Normalize;

const plain =
  (normalize: Normalize): NormalizerReader =>
  (fields) => {
    fields.only('type');
    return normalize;
  };

const READERS: Readonly<Record<string, NormalizerReader>> = {
  Sequence(fields) {
    fields.only('type', 'normalizers');
    const parts = fields
      .list('normalizers')
      .map((part, index) => read(part, `${fields.path}.normalizers[${index}]`));
    return (text) => parts.reduce((given, normalize) => normalize(given), text);
  },
  Lowercase: plain(lowercase),
  NFC: plain(normalForm('NFC')),
  NFD: plain(normalForm('NFD')),
  NFKC: plain(normalForm('NFKC')),
  NFKD: plain(normalForm('NFKD')),
  Prepend(fields) {
    fields.only('type', 'prepend');
    const prepend = fields.text('prepend');
    return (text) => (text === '' ? '' : prepend + text);
  },
  Replace(fields) {
    fields.only('type', 'pattern', 'content');
    const [pattern, content] = [readPattern(fields), fields.text('content')];
    return (text) => text.replace(pattern, () => content);
  },
  Strip(fields) {
    fields.only('type', 'strip_left', 'strip_right');
    const [left, right] = [fields.flag('strip_left'), fields.flag('strip_right')];
    return (text) => {
      const begun = left ? text.replace(/^\p{White_Space}+/u, '') : text;
      return right ? begun.replace(/\p{White_Space}+$/u, '') : begun;
    };
  },
};

/**
 * The `normalizer` of a `tokenizer.json`.
 * @throws EimError naming a component or a field that is not read exactly
 */
export function readNormalizer(value: unknown): Normalize {
  return value === null || value === undefined ? (text) => text : read(value, 'normalizer');
}

function read(value: unknown, path: string): Normalize {
  const fields = new JsonFields(value, path);
  return fields.ofType(READERS)(fields);
}
