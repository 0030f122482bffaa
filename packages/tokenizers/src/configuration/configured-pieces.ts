import type { PieceVocabulary } from '../sentencepiece/piece-vocabulary.js';
import { withAddedTokens } from '../sentencepiece/with-added-tokens.js';
import { addedToken } from '../tokenizer-json.js';
import { addedBySettings } from './added-by-settings.js';
import { settingFault } from './setting-fault.js';
import type { TokenizerSettings } from './tokenizer-settings.js';

const ADVICE = 'Use the tokenizer.json of the same model.';

/** Classes that read a SentencePiece model as LLaMA's does. */
const LLAMA = /^(?:(?:Code)?Llama|PreTrained)Tokenizer$/;

/**
 * A SentencePiece vocabulary with what the files beside it say of ids, as transformers 4.57 opens both for LLaMA.
 * @throws EimError `invalid-data` naming the field of another family, or of a token that there is not
 */
export function configuredPieces(vocabulary: PieceVocabulary, settings: TokenizerSettings): PieceVocabulary {
  const { tokenizerClass, addsBegin = true, addsEnd = false, addsPrefixSpace, isLegacy, named } = settings;
  if (tokenizerClass !== undefined && !LLAMA.test(tokenizerClass)) {
    throw settingFault(
      'tokenizer_class',
      `"${tokenizerClass}", which reads a tokenizer.model in a way of its own`,
      ADVICE,
    );
  }
  const own = vocabulary.pieces.flatMap(({ text, kind }, id) => {
    if (kind === 'user-defined') return [addedToken(id, text, false)];
    return kind === 'control' || kind === 'unknown' ? [addedToken(id, text, true)] : [];
  });
  const idOf = (text: string) => {
    const id = vocabulary.pieces.findIndex((piece) => piece.text === text);
    return id < 0 ? undefined : id;
  };
  const added = addedBySettings(own, settings, idOf, vocabulary.pieces.length);
  const idNamed = (field: string, absent: number | undefined) => {
    const name = named.get(field);
    return name === undefined ? absent : (added.find(({ content }) => content === name)?.id ?? absent);
  };
  const [begin, end] = [idNamed('bos_token', vocabulary.begin), idNamed('eos_token', vocabulary.end)!];
  if (addsBegin && begin === undefined)
    throw settingFault('add_bos_token', 'true, but there is no begin token', ADVICE);
  const pad = idNamed('pad_token', vocabulary.pad);
  const { begin: _, ...rest } = withAddedTokens(vocabulary, added);
  return {
    ...rest,
    ...(addsBegin && { begin: begin! }),
    end,
    ...(pad !== undefined && { pad }),
    surroundings: { before: addsBegin ? [begin!] : [], after: addsEnd ? [end] : [] },
    reading: { added, isLegacy: isLegacy ?? true, addsPrefix: addsPrefixSpace ?? true },
  };
}
