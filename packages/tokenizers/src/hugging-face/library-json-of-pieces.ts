import type { PieceVocabulary } from '../sentencepiece/piece-vocabulary.js';
import { addedToken } from '../tokenizer-json.js';
import { mergesOfPieces } from './merges-of-pieces.js';
import { templateAround } from './template-around.js';
import { unwritable } from './unwritable.js';

/**
 * SentencePiece's pieces as a `tokenizer.json` (transformers, `convert_slow_tokenizer.py`, `LlamaConverter`).
 * @throws EimError `invalid-argument` naming what of the vocabulary that file has no words for
 */
export function libraryJsonOfPieces(vocabulary: PieceVocabulary): unknown {
  const { pieces, space, byteFallback, begin, unknown, reading, removeExtraSpaces } = vocabulary;
  if (removeExtraSpaces) throw unwritable('it drops spaces at the ends and repeated ones');
  const hasOwnTokens = pieces.some(({ kind }) => kind === 'user-defined');
  if (hasOwnTokens && !(reading && 'added' in reading))
    throw unwritable('it has pieces of a user, which the library finds in another order');
  const added =
    reading && 'added' in reading
      ? reading.added
      : pieces.flatMap(({ text, kind }, id) =>
          kind === 'control' || kind === 'unknown' ? [addedToken(id, text, true)] : [],
        );
  const texts = pieces.map(({ text }) => text);
  const surroundings = vocabulary.surroundings ?? {
    before: begin === undefined ? [] : [begin],
    after: [],
  };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: added,
    ...prefixOf(vocabulary),
    post_processor: templateAround(surroundings, texts),
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: space }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        ...(addsPrefix(vocabulary) ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : []),
      ],
    },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: texts[unknown],
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: true,
      byte_fallback: byteFallback,
      ignore_merges: false,
      vocab: Object.fromEntries(texts.map((text, id) => [text, id])),
      merges: mergesOfPieces(pieces),
    },
  };
}

const addsPrefix = ({ reading, dummyPrefix }: PieceVocabulary): boolean => reading?.addsPrefix ?? dummyPrefix;

/** How spaces become signs: before each text between tokens, or the first alone, or none. */
function prefixOf(vocabulary: PieceVocabulary): { normalizer: object | null; pre_tokenizer: object | null } {
  const { space, reading } = vocabulary;
  const isFirstAlone = reading && 'added' in reading && !reading.isLegacy;
  if (isFirstAlone) {
    const scheme = addsPrefix(vocabulary) ? 'first' : 'never';
    const pre_tokenizer = { type: 'Metaspace', replacement: space, prepend_scheme: scheme, split: false };
    return { normalizer: null, pre_tokenizer };
  }
  const replace = { type: 'Replace', pattern: { String: ' ' }, content: space };
  const prepend = { type: 'Prepend', prepend: space };
  const normalizers = addsPrefix(vocabulary) ? [prepend, replace] : [replace];
  return { normalizer: { type: 'Sequence', normalizers }, pre_tokenizer: null };
}
