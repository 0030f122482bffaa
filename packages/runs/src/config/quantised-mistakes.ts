import type { Plan } from '@eim/core/training';
import type { ConfigMistake } from './config-issues.js';
import type { PartConfig } from './config-schema.js';

/** Segments that would train an LLM whose matrices are held in blocks, which never learn. */
export function quantisedMistakes({ quantise }: PartConfig, { segments }: Plan): ConfigMistake[] {
  if (quantise === undefined) return [];
  return segments
    .filter(({ learn }) => (learn.llm?.select ?? 'frozen') !== 'frozen')
    .map(({ name }) => ({
      path: ['model', 'llm', 'quantise'],
      message: `${quantise} holds the LLM in blocks, which cannot learn, but segment '${name}' trains it`,
    }));
}
