import { clipScores, type PairedPicture } from '@eim/benchmarks';
import type { ImageEncoder } from '@eim/contracts/model';
import { picturePixels } from '@eim/core';
import { readPicture } from '@eim/images/node';
import { tidied } from '@eim/nn';
import { encodeForContext } from '@eim/tokenizers';
import { type Tensor2D, tensor2d } from '@tensorflow/tfjs-core';
import type { CompleteContext } from '../context.js';
import { startChosenEngine } from '../engine/start-chosen-engine.js';
import type { MetricSources } from './metric-sources.js';
import { type Clip, openClip } from './open-clip.js';

/** Put before every caption, candidates and references alike, by the official program. */
const PREFIX = 'A photo depicts ';
const PICTURES_AT_ONCE = 8;
const TEXTS_AT_ONCE = 32;

/**
 * CLIPScore and RefCLIPScore (Hessel et al., EMNLP 2021) as the official program computes them: captions as they were
 * written, after "A photo depicts", cut at CLIP's context; pictures in the CLIP's own preprocessing.
 * @param sources the CLIP, with both towers, and its tokenizer
 */
export async function clipScoresOf(
  pictures: readonly PairedPicture[],
  pictureFile: (id: string) => string,
  { clip: path, clipTokenizer }: MetricSources,
  context: CompleteContext,
): Promise<{ readonly CLIPScore: number; readonly RefCLIPScore?: number }> {
  const files = pictures.map(({ id }) => pictureFile(id));
  const engine = await startChosenEngine(context);
  const clip = await openClip(path!, { tokenizer: clipTokenizer, engine, context });
  const onProgress = (label: string) => (done: number, total: number) => {
    context.signal.throwIfAborted();
    context.onProgress({ label, done, total, detail: `${done}/${total}` });
  };
  try {
    const images = await encodePictures(clip.images, files, onProgress('CLIP, pictures'));
    const texts = pictures.flatMap(({ candidate, references }) => [candidate, ...references]);
    const encoded = await encodeTexts(clip, texts, onProgress('CLIP, captions'));
    const { CLIPScore, RefCLIPScore } = clipScores(
      pictures.map(({ candidate, references }, index) => ({
        image: images[index]!,
        candidate: encoded.get(candidate)!,
        references: references.map((reference) => encoded.get(reference)!),
      })),
    );
    return { CLIPScore, ...(RefCLIPScore !== undefined && { RefCLIPScore }) };
  } finally {
    clip.dispose();
  }
}

/** One embedding for each picture, which is not turned by EXIF orientation, as the official program opens it with Pillow. */
async function encodePictures(
  encoder: ImageEncoder,
  files: readonly string[],
  onProgress: (done: number, total: number) => void,
): Promise<Float32Array[]> {
  const { preprocessing, pooledSize } = encoder;
  const rows: Float32Array[] = [];
  for (let start = 0; start < files.length; start += PICTURES_AT_ONCE) {
    onProgress(start, files.length);
    const batch = files.slice(start, start + PICTURES_AT_ONCE);
    const pictures = await Promise.all(batch.map((file) => readPicture(file, { applyOrientation: false })));
    const pixels = picturePixels(pictures, preprocessing); // [B, H, W, 3]
    const { pooled } = tidied(() => ({ pooled: encoder.encode(pixels).pooled })); // [B, D]
    pixels.dispose();
    rows.push(...(await takeRows(pooled, pooledSize)));
  }
  onProgress(files.length, files.length);
  return rows;
}

/** Embeddings by text; a text that occurs repeatedly is encoded once. */
async function encodeTexts(
  { texts: encoder, tokenizer }: Clip,
  texts: readonly string[],
  onProgress: (done: number, total: number) => void,
): Promise<Map<string, Float32Array>> {
  const { contextLength, pooledSize } = encoder;
  const distinct = [...new Set(texts)].map((text) => {
    const full = tokenizer.addSpecialTokens(tokenizer.encode(PREFIX + text)).length;
    return { text, length: Math.min(full, contextLength) };
  });
  // Rows of about one length waste the least.
  distinct.sort((left, right) => left.length - right.length);
  const rows = new Map<string, Float32Array>();
  for (let start = 0; start < distinct.length; start += TEXTS_AT_ONCE) {
    onProgress(start, distinct.length);
    const batch = distinct.slice(start, start + TEXTS_AT_ONCE);
    const longest = batch.at(-1)!.length;
    const ids = batch.flatMap(({ text }) =>
      encodeForContext(tokenizer, PREFIX + text, { contextLength, truncate: true }).slice(0, longest),
    );
    const real = batch.flatMap(({ length }) =>
      Array.from({ length: longest }, (_, at) => (at < length ? 1 : 0)),
    );
    const pooled = tidied(() => {
      const shape: [number, number] = [batch.length, longest];
      return { pooled: encoder.encodeText(tensor2d(ids, shape, 'int32'), tensor2d(real, shape)) }; // [B, D]
    }).pooled;
    const values = await takeRows(pooled, pooledSize);
    for (const [index, { text }] of batch.entries()) rows.set(text, values[index]!);
  }
  onProgress(distinct.length, distinct.length);
  return rows;
}

/** @param pooled `[B, D]`, disposed of */
async function takeRows(pooled: Tensor2D, size: number): Promise<Float32Array[]> {
  try {
    const values = Float32Array.from(await pooled.data());
    return Array.from({ length: pooled.shape[0] }, (_, row) => values.subarray(row * size, (row + 1) * size));
  } finally {
    pooled.dispose();
  }
}
