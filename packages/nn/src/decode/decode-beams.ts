import type { GeneratedStep, GenerateRequest } from '@eim/contracts/model';
import { BeamRow } from './beam-row.js';
import { logSoftmax } from './choose-token.js';
import type { DecodeSession } from './decode-session.js';
import { penaliseRepetition } from './logits-warping.js';
import { Pacer } from './pacer.js';

/** Beam search; `session` holds `beams` consecutive rows for each prompt. Yields once. */
export async function* decodeBeams(
  session: DecodeSession,
  request: GenerateRequest,
  /** New tokens that each prompt has room for. */
  limits: readonly number[],
): AsyncGenerator<GeneratedStep, void, undefined> {
  const { beams = 1, lengthPenalty = 1, stopTokens, repetitionPenalty, promptIds, signal } = request;
  const pacer = new Pacer(signal);
  const rows = limits.map((limit) => new BeamRow({ beams, lengthPenalty, stopTokens, limit }));

  await pacer.pause();
  let scores = await session.start();
  for (;;) {
    const parents: number[] = [];
    const tokens: number[] = [];
    rows.forEach((row, index) => {
      const first = index * beams;
      if (row.done) {
        for (let beam = 0; beam < beams; beam++) {
          parents.push(first + beam);
          tokens.push(0);
        }
        return;
      }
      const logProbabilities = row.prefixes.map((ids, beam) => {
        const logs = logSoftmax(scores[first + beam]!);
        penaliseRepetition(logs, [...(promptIds?.[index] ?? []), ...ids], repetitionPenalty);
        return logs;
      });
      const extended = row.extend(logProbabilities);
      parents.push(...extended.parents.map((parent) => first + parent));
      tokens.push(...extended.tokens);
    });
    if (rows.every(({ done }) => done)) break;
    await pacer.pause();
    session.reorder(parents);
    scores = await session.advance(tokens);
  }
  yield { ids: rows.map(({ best }) => best), done: true };
}
