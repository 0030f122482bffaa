import type { GeneratedStep, GenerateRequest } from '@eim/contracts/model';
import type { DecodeSession } from './decode-session.js';
import { nextToken, rowStreams } from './next-token.js';
import { Pacer } from './pacer.js';

/** Greedy decoding and sampling: rows go on side by side, none looking at another. */
export async function* decodeRows(
  session: DecodeSession,
  request: GenerateRequest,
  /** New tokens that each row has room for. */
  limits: readonly number[],
): AsyncGenerator<GeneratedStep, void, undefined> {
  const { signal, stopTokens, promptIds } = request;
  const pacer = new Pacer(signal);
  const streams = rowStreams(request, limits.length);
  const generated: number[][] = limits.map(() => []);
  const ended = limits.map(() => false);
  const last = limits.map(() => 0);

  await pacer.pause();
  let scores = await session.start();
  for (;;) {
    const ids = scores.map((row, index) => {
      if (ended[index]) return [];
      const seen = [...(promptIds?.[index] ?? []), ...generated[index]!];
      const id = nextToken(row, seen, request, streams?.[index]);
      if (stopTokens.includes(id)) {
        ended[index] = true;
        return [];
      }
      generated[index]!.push(id);
      last[index] = id;
      ended[index] = generated[index]!.length >= limits[index]!;
      return [id];
    });
    const done = ended.every(Boolean);
    yield { ids, done };
    if (done) return;
    await pacer.pause();
    scores = await session.advance(last);
  }
}
