import { UNPARSED } from './parse-answer.js';
import type { ScienceQaProblem } from './science-qa-problem.js';

/**
 * What an answer that names no choice counts as: `wrong` (LLaVA's `eval_science_qa.py`), or `random`, a choice
 * drawn at random (the programs of ScienceQA and LaVIN).
 */
export type UnparsedRule = 'wrong' | 'random';

/**
 * The choice drawn for a question: it depends on the seed and the question alone, so neither on their order
 * nor on what else could not be parsed.
 */
export function drawChoice({ id, choices }: ScienceQaProblem, seed: number): number {
  return Math.floor((hashText(`${seed} ${id}`) / 2 ** 32) * choices.length);
}

/** Choices with the rule applied; those that stay -1 are wrong. */
export function applyUnparsedRule(
  questions: readonly ScienceQaProblem[],
  choices: readonly number[],
  rule: UnparsedRule,
  seed: number,
): number[] {
  return choices.map((choice, index) =>
    choice === UNPARSED && rule === 'random' ? drawChoice(questions[index]!, seed) : choice,
  );
}

/**
 * 32 well-mixed bits of a text: FNV-1a over its UTF-16 code units (Fowler, Noll & Vo), then MurmurHash3's
 * finaliser (Appleby).
 */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
