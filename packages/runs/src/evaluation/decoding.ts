import type { GenerateRequest } from '@eim/contracts/model';
import { createRandomStream } from '@eim/engine';

/** How tokens are chosen, in the form of a command's options. */
export type DecodingChoice = { readonly [Name in keyof Decoding]?: number | undefined };

/** A choice with every default filled in. */
export interface Decoding {
  readonly beams: number;
  readonly lengthPenalty: number;
  readonly temperature: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly repetitionPenalty?: number;
  readonly seed: number;
}

/** Fills in the defaults, which are greedy and the same for every command. */
export function completeDecoding(choice: DecodingChoice, beams = 1): Decoding {
  const { topP, topK, repetitionPenalty } = choice;
  return {
    beams: choice.beams ?? beams,
    lengthPenalty: choice.lengthPenalty ?? 1,
    temperature: choice.temperature ?? 0,
    ...(topP !== undefined && { topP }),
    ...(topK !== undefined && { topK }),
    ...(repetitionPenalty !== undefined && { repetitionPenalty }),
    seed: choice.seed ?? 0,
  };
}

/** The options for a model's `generate`. Each call starts the random stream anew. */
export function decodingRequest({
  seed,
  ...decoding
}: Decoding): Pick<
  GenerateRequest,
  'beams' | 'lengthPenalty' | 'temperature' | 'topP' | 'topK' | 'repetitionPenalty' | 'random'
> {
  return { ...decoding, random: createRandomStream(seed) };
}
