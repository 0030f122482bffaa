import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ServedModelChoice } from '@eim/runs/serving';
import { parseModelSpec } from '../command/model-spec.js';

interface ModelOptions {
  readonly weights?: string | undefined;
  readonly tokenizer?: string | undefined;
  readonly chatTemplate?: string | undefined;
}

/** Reads MODEL or NAME=MODEL. What exists as a path is one, even with a = in it. */
export function servedModelChoice(
  word: string,
  { weights, tokenizer, chatTemplate }: ModelOptions,
  workingFolder: string,
): ServedModelChoice {
  const [, id, named] = existsSync(resolve(workingFolder, word))
    ? []
    : (/^([^=/\\]+)=(.+)$/.exec(word) ?? []);
  const model = parseModelSpec('MODEL', named ?? word, weights, workingFolder);
  return { id, model, tokenizer, chatTemplate };
}
