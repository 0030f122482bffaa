import { symbolsOfText } from '../byte-alphabet.js';
import { PIECES } from '../pre-tokenize.js';
import { escapeForRegExp } from '../published/split-at-specials.js';
import { JsonFields } from './json-fields.js';
import { PUNCTUATION } from './library-unicode.js';
import { SPLIT_BEHAVIORS, splitPiece, type TextPiece } from './pieces.js';
import { readPattern } from './read-pattern.js';

/** Splits pieces of a text into those within which pairs merge. */
export type PreTokenize = (pieces: readonly TextPiece[]) => TextPiece[];

type PreTokenizerReader = (fields: JsonFields) => PreTokenize;

const WORD = '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}';

const READERS: Readonly<Record<string, PreTokenizerReader>> = {
  Sequence(fields) {
    fields.only('type', 'pretokenizers');
    const parts = fields
      .list('pretokenizers')
      .map((part, index) => read(part, `${fields.path}.pretokenizers[${index}]`));
    return (pieces) => parts.reduce<TextPiece[]>((given, split) => split(given), [...pieces]);
  },
  ByteLevel(fields) {
    fields.only('type', 'add_prefix_space', 'trim_offsets', 'use_regex');
    const addsSpace = fields.flag('add_prefix_space');
    const splits = fields.flag('use_regex', true);
    return (pieces) =>
      pieces.flatMap((piece) => {
        const begun = addsSpace ? withPrefix(piece, ' ') : piece;
        const parts = splits ? splitPiece(begun, PIECES, 'Isolated') : [begun];
        return parts.map(({ text, atStart }) => ({ text: symbolsOfText(text), atStart }));
      });
  },
  Metaspace: readMetaspace,
  Split(fields) {
    fields.only('type', 'pattern', 'behavior', 'invert');
    return splitting(readPattern(fields), fields, fields.flag('invert'));
  },
  Digits(fields) {
    fields.only('type', 'individual_digits');
    const behavior = fields.flag('individual_digits') ? 'Isolated' : 'Contiguous';
    return (pieces) => pieces.flatMap((piece) => splitPiece(piece, /\p{N}/gu, behavior));
  },
  Punctuation(fields) {
    fields.only('type', 'behavior');
    return splitting(PUNCTUATION, fields);
  },
  Whitespace(fields) {
    fields.only('type');
    const pattern = new RegExp(`[${WORD}]+|[^${WORD}\\p{White_Space}]+`, 'gu');
    return (pieces) => pieces.flatMap((piece) => splitPiece(piece, pattern, 'Removed', true));
  },
  WhitespaceSplit(fields) {
    fields.only('type');
    return (pieces) => pieces.flatMap((piece) => splitPiece(piece, /\p{White_Space}/gu, 'Removed'));
  },
  CharDelimiterSplit(fields) {
    fields.only('type', 'delimiter');
    const pattern = new RegExp(escapeForRegExp(character(fields, 'delimiter')), 'gu');
    return (pieces) => pieces.flatMap((piece) => splitPiece(piece, pattern, 'Removed'));
  },
};

/**
 * The `pre_tokenizer` of a `tokenizer.json`.
 * @throws EimError naming a component or a field that is not read exactly
 */
export function readPreTokenizer(value: unknown): PreTokenize {
  return value === null || value === undefined ? (pieces) => [...pieces] : read(value, 'pre_tokenizer');
}

function read(value: unknown, path: string): PreTokenize {
  const fields = new JsonFields(value, path);
  return fields.ofType(READERS)(fields);
}

function splitting(pattern: RegExp, fields: JsonFields, invert = false): PreTokenize {
  const behavior = fields.choice('behavior', SPLIT_BEHAVIORS, 'Isolated');
  return (pieces) => pieces.flatMap((piece) => splitPiece(piece, pattern, behavior, invert));
}

/** Spaces become a sign, which is put before every piece, before the first of a text, or before none. */
function readMetaspace(fields: JsonFields): PreTokenize {
  fields.only('type', 'replacement', 'str_rep', 'add_prefix_space', 'prepend_scheme', 'split');
  const sign = character(fields, 'replacement');
  const scheme = fields.choice('prepend_scheme', ['always', 'first', 'never'], 'always');
  if (!fields.flag('add_prefix_space', true) && scheme !== 'never') {
    throw fields.unfit('add_prefix_space', `true where prepend_scheme is "${scheme}"`);
  }
  const splits = fields.flag('split', true);
  const pattern = new RegExp(escapeForRegExp(sign), 'gu');
  return (pieces) =>
    pieces.flatMap((piece) => {
      const replaced = { ...piece, text: piece.text.replaceAll(' ', sign) };
      const begins = scheme === 'always' || (scheme === 'first' && piece.atStart);
      const begun = begins ? withPrefix(replaced, sign) : replaced;
      return splits ? splitPiece(begun, pattern, 'MergedWithNext') : [begun];
    });
}

function withPrefix(piece: TextPiece, prefix: string): TextPiece {
  const has = piece.text === '' || piece.text.startsWith(prefix);
  return has ? piece : { ...piece, text: prefix + piece.text };
}

function character(fields: JsonFields, name: string): string {
  const text = fields.text(name);
  if (Array.from(text).length === 1) return text;
  throw fields.unfit(name, 'one character');
}
