import { EimError } from '@eim/contracts';
import type { AddedToken, ByteBpeJson } from './tokenizer-json.js';
import { byteBpeJson } from './tokenizer-json.js';

/** Ends a text in every GPT-2 vocabulary. */
const END_OF_TEXT = '<|endoftext|>';

/**
 * A `tokenizer.json` from GPT-2's published vocabulary.
 * @param vocabulary text of `encoder.json` (OpenAI) or `vocab.json` (Hugging Face)
 * @param merges text of `vocab.bpe` or `merges.txt`
 * @param added tokens beside the vocabulary
 * @throws EimError `invalid-data` naming the file and the line
 */
export function gpt2TokenizerJson(
  vocabulary: string,
  merges: string,
  added: readonly AddedToken[] = [],
): ByteBpeJson {
  const ids = parseVocabulary(vocabulary);
  const lines = merges.split(/\r?\n/);
  const pairs = lines.flatMap((line, index): [string, string][] => {
    if (line === '' || (index === 0 && line.startsWith('#version'))) return [];
    const [left, right, ...more] = line.split(' ');
    if (left && right && more.length === 0 && Object.hasOwn(ids, left + right)) return [[left, right]];
    throw new EimError({
      code: 'invalid-data',
      message: `GPT-2 merges, line ${index + 1}: "${line.slice(0, 60)}" is not a merge of two tokens of the vocabulary.`,
      advice: 'Give vocab.bpe (or merges.txt) and encoder.json (or vocab.json) of the same model.',
      data: { line: index + 1 },
    });
  });
  const json = byteBpeJson({ vocabulary: ids, merges: pairs, specials: [END_OF_TEXT], lowercase: false });
  const more = added.filter(({ id, content }) => content !== END_OF_TEXT && id !== ids[END_OF_TEXT]);
  return { ...json, added_tokens: [...json.added_tokens, ...more] };
}

function parseVocabulary(text: string): Record<string, number> {
  let ids: unknown;
  try {
    ids = JSON.parse(text);
  } catch (cause) {
    throw new EimError({
      code: 'invalid-data',
      message: `GPT-2 vocabulary: not valid JSON (${(cause as Error).message}).`,
      cause,
    });
  }
  if (typeof ids === 'object' && ids !== null && Object.hasOwn(ids, END_OF_TEXT)) {
    return ids as Record<string, number>;
  }
  throw new EimError({
    code: 'invalid-data',
    message: `GPT-2 vocabulary: not an object of tokens that holds "${END_OF_TEXT}".`,
    advice: 'Give encoder.json (or vocab.json) of a GPT-2 model.',
  });
}
