import { readFile } from 'node:fs/promises';
import type { Benchmark, BenchmarkOptions, Tokenizer } from '@eim/contracts';
import type { ModelParts } from '@eim/contracts/model';
import { answerAll, picturePixels } from '@eim/core';
import { createRandomStream } from '@eim/engine';
import { decodePicture } from '@eim/images/node';
import type { Decoding } from '../evaluation/decoding.js';
import type { BenchmarkItem } from './benchmark-data.js';
import type { ResponseCache, ResponseKey } from './response-cache.js';
import { sha256 } from './sha256.js';

export interface AnswerItemsOptions {
  readonly benchmark: Benchmark;
  readonly options: BenchmarkOptions;
  readonly model: ModelParts;
  /** SHA-256 of model and engine, part of each key of the cache. */
  readonly fingerprint: string;
  readonly tokenizer: Tokenizer;
  readonly decoding: Decoding;
  readonly maxNewTokens: number;
  readonly batchSize: number;
  readonly cache: ResponseCache;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number, fromCache: number) => void;
}

/** A model's answer to one item. */
export interface Answer {
  readonly id: string;
  readonly prompt: string;
  /** SHA-256 of the picture's bytes; null without one. */
  readonly picture: string | null;
  readonly text: string;
}

interface Question {
  readonly item: BenchmarkItem;
  readonly key: ResponseKey;
  readonly bytes: Uint8Array | undefined;
}

/**
 * A model's answers to items, in their order; those in the cache are not asked again. An item without a picture
 * is asked as text alone. Where tokens are sampled, each item has a random stream of its own, made of the seed and the
 * item's name, so an answer depends neither on the batch nor on the shard.
 */
export async function answerItems(
  items: readonly BenchmarkItem[],
  settings: AnswerItemsOptions,
): Promise<Answer[]> {
  const { benchmark, options, decoding, maxNewTokens, cache, fingerprint, signal, onProgress } = settings;
  const texts = new Map<string, Answer>();
  const waiting: Question[] = [];
  const batchSize = decoding.temperature > 0 ? 1 : settings.batchSize;
  let fromCache = 0;
  const ask = async (questions: readonly Question[]) => {
    signal.throwIfAborted();
    const answers = await generate(questions, settings);
    await cache.add(questions.map(({ key }, index) => ({ key, text: answers[index]! })));
    for (const [index, { item, key }] of questions.entries()) {
      texts.set(item.id, { id: item.id, prompt: key.prompt, picture: key.picture, text: answers[index]! });
    }
    onProgress(texts.size, items.length, fromCache);
  };
  for (const item of items) {
    const prompt = benchmark.prompt(item.item, options);
    const bytes = item.picture === undefined ? undefined : await readFile(item.picture);
    const key: ResponseKey = {
      model: fingerprint,
      prompt,
      picture: bytes === undefined ? null : sha256(bytes),
      ...(bytes === undefined && { asked: 'as text alone' as const }),
      decoding: { ...decoding, maxNewTokens, ...(decoding.temperature > 0 && { item: item.id }) },
    };
    const known = cache.get(key);
    if (known !== undefined) {
      fromCache++;
      texts.set(item.id, { id: item.id, prompt, picture: key.picture, text: known });
      continue;
    }
    waiting.push({ item, key, bytes });
    if (waiting.length >= batchSize) await ask(waiting.splice(0));
  }
  if (waiting.length > 0) await ask(waiting.splice(0));
  return items.map(({ id }) => texts.get(id)!);
}

async function generate(
  questions: readonly Question[],
  { model, tokenizer, decoding, maxNewTokens, signal }: AnswerItemsOptions,
): Promise<string[]> {
  const [{ item }] = questions as readonly [Question, ...Question[]];
  const { seed, ...choice } = decoding;
  const decoded = await Promise.all(
    questions.flatMap(({ bytes, item }) => (bytes ? [decodePicture(bytes, item.picture!)] : [])),
  );
  const pixels = decoded.length > 0 ? picturePixels(decoded, model.encoder.preprocessing) : undefined; // [P, H, W, 3]
  let shown = 0;
  try {
    const answers = await answerAll(
      model,
      questions.map(({ key, bytes }) => ({ prompt: key.prompt, ...(bytes && { picture: shown++ }) })),
      {
        ...choice,
        random: createRandomStream(`${seed} ${item.id}`),
        pictures: pixels && { pixels },
        tokenizer,
        maxNewTokens,
        signal,
      },
    );
    return answers.map(({ text }) => text.trim());
  } finally {
    pixels?.dispose();
  }
}
