import { EimError } from '@eim/contracts';
import type { GenerateRequest, Injection, LanguageModel, ModelParts } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';
import type { PictureInput } from '../compose/encode-pictures.js';
import { disposeFeatures, encodeAndKeep } from '../compose/features.js';
import { holdTensors } from '../compose/hold-tensors.js';
import { injectRows } from '../compose/inject-rows.js';
import { joinPrefix } from '../compose/join-prefix.js';
import { picturesInRowOrder } from '../compose/pictures-in-row-order.js';
import type { RowLayout } from '../compose/transform-context.js';

import type { AnsweringModel, AskedRow } from './asked-row.js';

export interface PromptBatch {
  readonly rows: readonly AskedRow[];
  readonly promptIds: readonly (readonly number[])[];
  readonly pictures: PictureInput | undefined;
}

/** What the LLM continues. */
export interface OpenPrompts {
  readonly request: Pick<GenerateRequest, 'embeddings' | 'mask' | 'injection'>;
  /** Real slots by row. */
  readonly lengths: readonly number[];
  dispose(): void;
}

/**
 * Encodes the pictures, runs the ST and lays prefix and prompts side by side: `[R, K + T, hiddenSize]`, with shorter
 * prompts padded behind their ends.
 * @throws EimError `invalid-argument` as `answerRows`
 */
export async function openPrompts(
  model: AnsweringModel,
  { rows, promptIds, pictures }: PromptBatch,
): Promise<OpenPrompts> {
  const { llm } = model;
  const prefixLength = model.st?.prefixLength ?? 0;
  // Refused before the pictures are encoded. Rows of text may turn out to have a shorter prefix.
  for (const [row, ids] of promptIds.entries()) {
    checkRoom(llm, rows[row]!.picture === undefined ? 0 : prefixLength, ids.length);
  }
  const injected = await inject(model, rows, promptIds, pictures);
  try {
    const held = holdTensors(() => layOut(llm, promptIds, injected.injection));
    const { embeddings, mask, injection } = held.value;
    const request = { embeddings, ...(mask && { mask }), injection };
    try {
      return {
        request,
        lengths: await realSlots(embeddings, mask),
        dispose: () => {
          held.dispose();
          injected.dispose();
        },
      };
    } catch (error) {
      held.dispose();
      throw error;
    }
  } catch (error) {
    injected.dispose();
    throw error;
  }
}

async function inject(
  model: AnsweringModel,
  rows: readonly AskedRow[],
  promptIds: readonly (readonly number[])[],
  pictures: PictureInput | undefined,
): Promise<{ readonly injection: Injection; dispose(): void }> {
  const shown = rows.some(({ picture }) => picture !== undefined);
  if (shown) checkPictures(model, rows, pictures);
  if (!model.st || !model.encoder) return { injection: {}, dispose: () => {} };
  const parts = model as ModelParts;
  const laid = holdTensors(() => {
    const layout = layoutOf(parts.llm, rows, promptIds, shown ? countOf(pictures) : 0);
    return picturesInRowOrder(parts, { ...(shown && pictures), ...layout });
  });
  const kept: { dispose(): void }[] = [laid];
  const dispose = () => {
    for (const one of kept) one.dispose();
  };
  try {
    const features = shown ? encodeAndKeep(parts, laid.value) : undefined;
    if (features) kept.push({ dispose: () => disposeFeatures(features) });
    const held = holdTensors(() => injectRows(parts, features, laid.value));
    kept.push(held);
    return { injection: shown ? held.value : await withoutHiddenPrefix(held.value), dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

/** The number of pictures P; 0 where neither pixels nor features are given. */
function countOf({ pixels, features = {} }: PictureInput = {}): number {
  const some = pixels ?? features.pooled ?? features.tokens ?? features.hidden?.values().next().value;
  return some?.shape[0] ?? 0;
}

function checkPictures(
  { encoder, st }: AnsweringModel,
  rows: readonly AskedRow[],
  pictures: PictureInput | undefined,
): void {
  if (!encoder || !st) {
    throw new EimError({
      code: 'invalid-argument',
      message: 'A row shows a picture, but the model is an LLM by itself.',
      advice: 'Give the model an encoder and an ST, or ask without pictures.',
    });
  }
  const count = countOf(pictures);
  const row = rows.findIndex(({ picture = 0 }) => !(picture >= 0 && picture < count));
  if (row < 0) return;
  const { picture } = rows[row]!;
  throw new EimError({
    code: 'invalid-argument',
    message: `Row ${row} shows picture ${picture}, but ${count} pictures were given.`,
    advice: 'Pass all pictures as `pictures`; rows name them by their index there.',
    data: { row, picture, pictures: count },
  });
}

function layoutOf(
  { specialTokens }: LanguageModel,
  rows: readonly AskedRow[],
  promptIds: readonly (readonly number[])[],
  pictureCount: number,
): RowLayout {
  const { begin } = specialTokens;
  const length = Math.max(1, ...promptIds.map(({ length }) => length));
  const filled = (value: (ids: readonly number[], at: number) => number) =>
    promptIds.map((ids) => Array.from({ length }, (_, at) => value(ids, at)));
  const inOrder = rows.length === pictureCount && rows.every(({ picture }, row) => picture === row);
  return {
    rowCount: rows.length,
    pictureCount,
    ids: tf.tensor2d(
      filled((ids, at) => ids[at] ?? 0),
      [rows.length, length],
      'int32',
    ), // [R, T]
    promptMask: tf.tensor2d(
      filled((ids, at) => (at < ids.length && !(at === 0 && ids[0] === begin) ? 1 : 0)),
    ), // [R, T]
    ...(inOrder && { rowsPerPicture: 1 }),
    ...(pictureCount > 0 && {
      rowPictures: tf.tensor1d(
        rows.map(({ picture = 0 }) => picture),
        'int32',
      ),
    }), // [R]
    ...(pictureCount > 0 &&
      rows.some(({ picture }) => picture === undefined) && {
        modality: tf.tensor1d(
          rows.map(({ picture }) => (picture === undefined ? 0 : 1)),
          'int32',
        ), // [R]
      }),
  };
}

/** A prefix that is hidden in all rows is left out, so that the LLM reads the prompts alone. */
async function withoutHiddenPrefix(injection: Injection): Promise<Injection> {
  const { prefix, ...others } = injection;
  if (prefix?.mask === undefined) return injection;
  const shown = await prefix.mask.data(); // [R*K]
  return shown.every((value) => value === 0) ? others : injection;
}

function layOut(llm: LanguageModel, promptIds: readonly (readonly number[])[], given: Injection) {
  const { prefix } = given;
  const { join, injection } = joinPrefix(given, allBegin(llm, promptIds, prefix?.beforeBegin));
  const longest = Math.max(...promptIds.map(({ length }) => length));
  const slots = prefix?.embeddings.shape[1] ?? 0;
  const pad = llm.specialTokens.pad;
  const ids = promptIds.map((row) => [...row, ...new Array<number>(longest - row.length).fill(pad)]);
  const embeddings = sideBySide(
    prefix?.embeddings,
    longest > 0 ? llm.embed(tf.tensor2d(ids, [ids.length, longest], 'int32')) : undefined, // [R, T, H]
    join,
  ); // [R, K+T, H]
  const uneven = promptIds.some(({ length }) => length < longest);
  if (!uneven && !prefix?.mask) return { embeddings, mask: undefined, injection };
  const before = prefix?.mask
    ? tf.cast<tf.Tensor2D>(prefix.mask, 'float32')
    : tf.ones<tf.Rank.R2>([ids.length, slots]); // [R, K]
  const real = promptIds.map((row) => Array.from({ length: longest }, (_, at) => (at < row.length ? 1 : 0)));
  const behind = tf.tensor2d(real.flat(), [ids.length, longest]); // [R, T]
  const mask = longest > 0 ? join(before, behind) : before; // [R, K+T]
  return { embeddings, mask, injection };
}

/** Slots, text, or both of them joined. */
function sideBySide(
  slots: tf.Tensor3D | undefined,
  text: tf.Tensor3D | undefined,
  join: (slots: tf.Tensor3D, text: tf.Tensor3D) => tf.Tensor3D,
): tf.Tensor3D {
  return slots && text ? join(slots, text) : tf.clone((slots ?? text)!);
}

/**
 * Whether every row starts with the LLM's begin token, which a prefix may stand around.
 * @throws EimError `invalid-argument` where some rows do and others do not, and the prefix stands around it
 */
function allBegin(
  { specialTokens: { begin } }: LanguageModel,
  promptIds: readonly (readonly number[])[],
  beforeBegin: number | undefined,
): boolean {
  const starts = promptIds.map((ids) => begin !== undefined && ids[0] === begin);
  if (beforeBegin === undefined || starts.every((start) => start === starts[0])) return starts[0] ?? false;
  throw new EimError({
    code: 'invalid-argument',
    message: `Row ${starts.indexOf(false)} does not start with the begin token, as others do; the ST's prefix stands around it.`,
    advice: 'Give all rows with the begin token, or all without.',
    data: { row: starts.indexOf(false) },
  });
}

async function realSlots(embeddings: tf.Tensor3D, mask: tf.Tensor2D | undefined): Promise<number[]> {
  const [rows, slots] = embeddings.shape;
  if (!mask) return new Array<number>(rows).fill(slots);
  const values = Array.from(await mask.data()); // [R*S]
  return Array.from(
    { length: rows },
    (_, row) => values.slice(row * slots, (row + 1) * slots).filter((value) => value > 0).length,
  );
}

function checkRoom({ contextLength }: LanguageModel, prefixLength: number, promptLength: number): void {
  if (prefixLength + promptLength === 0) {
    throw new EimError({
      code: 'invalid-argument',
      message:
        'There is nothing to continue: there is no prefix, the LLM has no begin token, and no prompt was given.',
      advice: 'Give a prompt of at least one character.',
    });
  }
  const room = contextLength - prefixLength - promptLength;
  if (room >= 1) return;
  throw new EimError({
    code: 'invalid-argument',
    message: `No new token fits: the LLM has ${contextLength} positions, of which the prefix takes ${prefixLength} and the prompt ${promptLength}.`,
    advice: `Shorten the prompt to ${Math.max(0, promptLength + room - 1)} tokens at most, or take an LLM of a longer context.`,
    data: { contextLength, prefixLength, promptLength },
  });
}
