import type { ModelParts, Objective } from '@eim/contracts/model';
import { multiplyAddsSoFar } from '@eim/engine';
import { tidy } from '@tensorflow/tfjs-core';
import { holdTensors } from '../../compose/hold-tensors.js';
import type { RowTokens } from '../../rows/row-tokens.js';
import { disposeBatch } from '../data/batch-tensors.js';
import { buildBatch } from '../data/build-batch.js';
import type { SplitData } from '../data/split-data.js';
import { CHUNK_SIZE } from '../feature-cache/encode-chunk.js';
import type { FeatureEntry } from '../feature-cache/feature-entry.js';
import type { FeatureStore } from '../feature-cache/feature-store.js';
import { keptEntry, type StoreFaults } from '../feature-cache/kept-entry.js';
import { type LlmInput, llmInput, runTextPrefix, TARGETS } from './run-text-prefix.js';
import type { TextChunkKeys } from './text-chunk-keys.js';
import type { TextPrefix } from './text-prefix.js';

/** A text, where it stands in its split, and the view in which its picture is shown. */
export interface PlacedText {
  readonly tokens: RowTokens;
  /** Index of its row among the split's rows. */
  readonly row: number;
  readonly view: number;
}

export interface TextEncoding {
  readonly model: ModelParts;
  readonly objective: Objective;
  readonly prefix: TextPrefix;
  readonly split: Omit<SplitData, 'textStates'>;
  /** Where hidden states are kept over runs. Absent: nowhere. */
  readonly kept?: KeptTexts | undefined;
}

export interface KeptTexts {
  readonly store: FeatureStore;
  readonly keys: TextChunkKeys;
  readonly faults: StoreFaults;
}

/** Hidden states of some texts of one length. */
export interface TextStates {
  /** S: positions of each text, its prefix included. */
  readonly positions: number;
  readonly hiddenSize: number;
  /** One record of `S * hiddenSize` floats a text. */
  readonly records: readonly Float32Array[];
  /** Cost of the whole chunk. */
  readonly multiplyAdds: number;
}

/**
 * Runs the frozen lower blocks of the LLM over up to {@link CHUNK_SIZE} texts; a short chunk is filled up, so that shapes
 * never change and a text's states depend on nothing else.
 * @param textLength that they are padded to
 */
export async function encodeTexts(
  { model, objective, prefix, split, kept }: TextEncoding,
  texts: readonly PlacedText[],
  textLength: number,
): Promise<TextStates> {
  const filled = Array.from({ length: CHUNK_SIZE }, (_, index) => texts[index % texts.length]!);
  const shown = await showPictures(split, filled);
  const { batch } = buildBatch({
    rows: filled.map(({ tokens, row }) => ({ tokens, index: row })),
    textLength,
    targetCapacity: TARGETS,
    texts: split.texts,
    padId: split.padId,
    ...shown,
  });
  const before = multiplyAddsSoFar();
  const input = holdTensors(() => llmInput(model, objective, batch));
  const ofInput = multiplyAddsSoFar() - before;
  try {
    const key = async () => kept?.keys.of(input.value, prefix);
    const { entry } = await keptEntry(kept?.store, key, kept?.faults ?? { damaged: 0, unwritten: 0 }, () =>
      runBlocks(model, input.value, prefix),
    );
    const { shape, data } = entry.columns.get(`hidden.${prefix.block}`)!;
    const [positions, hiddenSize] = shape as [number, number];
    const width = positions * hiddenSize;
    const records = texts.map((_, index) => data.slice(index * width, (index + 1) * width));
    return { positions, hiddenSize, records, multiplyAdds: ofInput + entry.multiplyAdds };
  } finally {
    input.dispose();
    disposeBatch(batch);
  }
}

/** Hidden states of a whole chunk, and what they cost. */
async function runBlocks(model: ModelParts, input: LlmInput, prefix: TextPrefix): Promise<FeatureEntry> {
  const before = multiplyAddsSoFar();
  const states = tidy(() => runTextPrefix(model, input, prefix)); // [C, S, H]
  const multiplyAdds = multiplyAddsSoFar() - before;
  const data = (await states.data()) as Float32Array;
  const shape = states.shape.slice(1);
  states.dispose();
  return { columns: new Map([[`hidden.${prefix.block}` as const, { shape, data }]]), multiplyAdds };
}

/** The pictures of some texts, each in a place of its own. */
async function showPictures({ images, pictures }: TextEncoding['split'], texts: readonly PlacedText[]) {
  const blank = { slots: 0, chosen: [], slotOfRow: new Int32Array(texts.length).fill(-1) };
  const none = { pictures: { ...blank, someTextAlone: false, mayHaveFilling: false } };
  if (!images || !('features' in images)) return none;
  const pictured = texts.filter(({ row }) => pictures.ofRow[row]! >= 0);
  const chosen = pictured.map(({ row }) => pictures.ofRow[row]!);
  let places = 0;
  const slotOfRow = Int32Array.from(texts, ({ row }) => (pictures.ofRow[row]! < 0 ? -1 : places++));
  const { someTextAlone } = pictures;
  const views = pictured.map(({ view }) => view);
  const layout = { slots: texts.length, chosen, slotOfRow, someTextAlone, mayHaveFilling: someTextAlone };
  return {
    pictures: { ...layout, ...(!someTextAlone && { rowsPerPicture: 1 }) },
    features: await images.features.gather(chosen, texts.length, views),
  };
}
