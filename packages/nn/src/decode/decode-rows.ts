import type { GeneratedStep, GenerateRequest, RandomStream } from '@eim/contracts/model';
import { drawIndex, greatestIndex } from './choose-token.js';
import type { DecodeSession } from './decode-session.js';
import { penaliseRepetition, warpLogits } from './logits-warping.js';
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
      const id = chooseToken(row, seen, request, streams?.[index]);
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

/** A stream a row, so that when one row ends has no say in what the others draw. */
function rowStreams({ temperature = 0, random }: GenerateRequest, rows: number): RandomStream[] | undefined {
  if (temperature === 0 || random === undefined) return undefined;
  const call = random.integer(2 ** 31);
  return Array.from({ length: rows }, (_, row) => random.fork(`generate ${call} row ${row}`));
}

function chooseToken(
  scores: Float32Array,
  seen: readonly number[],
  request: GenerateRequest,
  stream: RandomStream | undefined,
): number {
  const { temperature, topK, topP, repetitionPenalty } = request;
  const warped = scores.slice();
  penaliseRepetition(warped, seen, repetitionPenalty);
  if (stream === undefined) return greatestIndex(warped);
  warpLogits(warped, { temperature, topK, topP });
  return drawIndex(warped, stream);
}
