import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { PartUse } from '@eim/core';
import type { ResolveObjectivesOptions } from '@eim/core/training';
import { openPublishedWeights } from '@eim/weights/node';
import { openTokenizerOf } from './open-tokenizer-of.js';

/** Where the text tower of an encoder is looked for: in its weights, with the tokenizer that lies beside them. */
export const publishedWith = (encoder: PartUse): ResolveObjectivesOptions => ({
  encoder,
  openWeights: openPublishedWeights,
  openTokenizer: (path) => openTokenizerOf(isFile(path) ? dirname(path) : path),
});

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;
