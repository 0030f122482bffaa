import type { Match } from './match.js';
import type { Paraphrases } from './paraphrases.js';

interface Phrase {
  readonly text: string;
  readonly start: number;
  readonly length: number;
}

/**
 * Matches of phrases by the table of paraphrases, added to the reference words where they start: first those
 * whose reference phrase the table lists with the other as its paraphrase, then the reverse. A pair that is
 * listed both ways makes two matches, so that neither is without rival in the alignment.
 */
export function addPhraseMatches(
  matches: Match[][],
  module: number,
  hypothesis: readonly string[],
  reference: readonly string[],
  paraphrases: Paraphrases,
): void {
  const hypothesisPhrases = listPhrases(hypothesis, paraphrases);
  const referencePhrases = listPhrases(reference, paraphrases);
  if (hypothesisPhrases.length === 0) return;
  const add = (from: Phrase, to: Phrase) =>
    matches[to.start]!.push({
      module,
      hypothesisStart: from.start,
      hypothesisLength: from.length,
      referenceStart: to.start,
      referenceLength: to.length,
    });
  const byText = groupByText(hypothesisPhrases);
  for (const to of referencePhrases) {
    const others = paraphrases.of(to.text);
    if (!others) continue;
    for (const other of others) for (const from of byText.get(other) ?? []) add(from, to);
  }
  const referenceByText = groupByText(referencePhrases);
  for (const from of hypothesisPhrases) {
    const others = paraphrases.of(from.text);
    if (!others) continue;
    for (const other of others) for (const to of referenceByText.get(other) ?? []) add(from, to);
  }
}

/** Phrases of a sentence that the table may have, by where they start, the shorter first. */
function listPhrases(words: readonly string[], paraphrases: Paraphrases): Phrase[] {
  const phrases: Phrase[] = [];
  for (const [start, word] of words.entries()) {
    const longest = Math.min(paraphrases.longestFrom(word), words.length - start);
    let text = '';
    for (let length = 1; length <= longest; length++) {
      text = length === 1 ? word : `${text} ${words[start + length - 1]}`;
      phrases.push({ text, start, length });
    }
  }
  return phrases;
}

function groupByText(phrases: readonly Phrase[]): Map<string, Phrase[]> {
  const groups = new Map<string, Phrase[]>();
  for (const phrase of phrases) {
    const group = groups.get(phrase.text);
    if (group) group.push(phrase);
    else groups.set(phrase.text, [phrase]);
  }
  return groups;
}
