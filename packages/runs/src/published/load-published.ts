import type { Tokenizer } from '@eim/contracts';
import type { ImageEncoder, LanguageModel } from '@eim/contracts/model';
import type { EngineInfo } from '@eim/engine';
import { requireMemoryFor } from '@eim/weights';
import { openPublishedWeights } from '@eim/weights/node';
import type { CompleteContext } from '../context.js';
import { findLoader, type ModelSpec, type PublishedKind } from './find-loader.js';

export interface LoadPublishedOptions {
  readonly engine: EngineInfo;
  readonly context: CompleteContext;
  readonly tokenizer?: Tokenizer | undefined;
}

/** An image encoder with published weights. @throws EimError naming the file and all that does not fit */
export const loadPublishedEncoder = (spec: ModelSpec, options: LoadPublishedOptions): Promise<ImageEncoder> =>
  loadPublished<ImageEncoder>('encoders', spec, options);

/** An LLM with published weights. @throws EimError naming the file and all that does not fit */
export const loadPublishedLanguageModel = (
  spec: ModelSpec,
  options: LoadPublishedOptions,
): Promise<LanguageModel> => loadPublished<LanguageModel>('languageModels', spec, options);

async function loadPublished<Product>(
  kind: PublishedKind,
  spec: ModelSpec,
  { engine, context, tokenizer }: LoadPublishedOptions,
): Promise<Product> {
  const weights = await openPublishedWeights(spec.path);
  try {
    const { load } = await findLoader<Product>(kind, spec, weights, context);
    // before the first tensor is read; other engines have the machine's own memory
    if (engine.name === 'wasm') requireMemoryFor(weights);
    return await load(tokenizer === undefined ? {} : { tokenizer });
  } finally {
    await weights.close();
  }
}
