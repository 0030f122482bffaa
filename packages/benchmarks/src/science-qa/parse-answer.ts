import { LETTERS, type ScienceQaProblem } from './science-qa-problem.js';

/** What stands for an answer that names no choice. */
export const UNPARSED = -1;

/** One character has to follow the letter, whichever: so in both official programs. */
const SENTENCE = /The answer is ([A-Z])[^\n]/g;

/**
 * The choice that a model's text names, or -1. By the rules of LLaVA's `eval_science_qa.py`: the letter alone;
 * the letter, a full stop and a space at the start; else the one place that says `The answer is B.` (ScienceQA's
 * and LaVIN's programs know this last form alone). A text that says it twice names nothing, and neither does a
 * letter beyond the choices.
 */
export function parseAnswer(text: string, { choices }: Pick<ScienceQaProblem, 'choices'>): number {
  const letter = letterOf(text);
  const place = (LETTERS as readonly string[]).indexOf(letter);
  return place < choices.length ? place : UNPARSED;
}

function letterOf(text: string): string {
  if ((LETTERS as readonly string[]).includes(text)) return text;
  if (/^[A-E]\. /.test(text)) return text[0]!;
  const found = [...text.matchAll(SENTENCE)];
  return found.length === 1 ? found[0]![1]! : '';
}
