import type { GenerateRequest, RandomStream } from '@eim/contracts/model';
import { drawIndex, greatestIndex } from './choose-token.js';
import { penaliseRepetition, warpLogits } from './logits-warping.js';

/** How the next token of a row is chosen. */
export type TokenChoice = Pick<GenerateRequest, 'temperature' | 'topK' | 'topP' | 'repetitionPenalty'>;

/**
 * A stream a row, so that when one row ends has no say in what the others draw; undefined for greedy rows.
 * @example
 * const streams = rowStreams({ temperature: 1, random: createRandomStream(7) }, 2);
 */
export function rowStreams(
  { temperature = 0, random }: Pick<GenerateRequest, 'temperature' | 'random'>,
  rows: number,
): RandomStream[] | undefined {
  if (temperature === 0 || random === undefined) return undefined;
  const call = random.integer(2 ** 31);
  return Array.from({ length: rows }, (_, row) => random.fork(`generate ${call} row ${row}`));
}

/** Whether the id that follows is the one with the greatest score, so that nothing else of the scores is needed. */
export const isLikeliest = (
  { repetitionPenalty = 1 }: Pick<TokenChoice, 'repetitionPenalty'>,
  stream: RandomStream | undefined,
): boolean => stream === undefined && repetitionPenalty === 1;

/**
 * The id that follows: the likeliest, or one drawn where there is a stream.
 * @param scores of the next token, `[vocabularySize]`; they stay as they are
 * @param seen ids that came before, which the repetition penalty counts
 * @example
 * const id = nextToken(scores, [...promptIds, ...generated], { temperature: 0.7, topP: 0.9 }, stream);
 */
export function nextToken(
  scores: Float32Array,
  seen: readonly number[],
  { temperature, topK, topP, repetitionPenalty }: TokenChoice,
  stream: RandomStream | undefined,
): number {
  if (isLikeliest({ repetitionPenalty }, stream)) return greatestIndex(scores);
  const warped = scores.slice();
  penaliseRepetition(warped, seen, repetitionPenalty);
  if (stream === undefined) return greatestIndex(warped);
  warpLogits(warped, { temperature, topK, topP });
  return drawIndex(warped, stream);
}
