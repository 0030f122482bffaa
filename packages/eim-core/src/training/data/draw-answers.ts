import type { RandomStream } from '@eim/contracts/model';

/**
 * Chooses `count` of a row's answers: each once before any twice.
 * @returns indices into the row's answers
 */
export function drawAnswers(available: number, count: number, random: RandomStream): number[] {
  const indices = Array.from({ length: available }, (_, index) => index);
  const drawn: number[] = [];
  while (drawn.length < count) drawn.push(...random.shuffle(indices).slice(0, count - drawn.length));
  return drawn;
}
