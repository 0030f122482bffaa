import type { Dataset, Row } from '@eim/contracts';
import { createModel, loadFromList } from '@eim/core';
import { type CheckpointStore, parsePlan, type SegmentInput, trainPlan } from '@eim/core/training';
import clip from '@eim/encoder-clip';
import { createRandomStream, startEngine } from '@eim/engine';
import gpt2 from '@eim/llm-gpt2';
import sts from '@eim/st-adapters';
import { createTokenizer, trainByteBpe } from '@eim/tokenizers';
import { backend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';

const CAPTIONS = ['a red circle', 'a blue square'];
const tokenizer = createTokenizer(trainByteBpe(CAPTIONS, { vocabularySize: 280 }));
const loadPlugin = loadFromList({ clip, gpt2, sts });

/** Two pictures: the parts are large beside what a step computes. */
const rows = CAPTIONS.map(
  (caption, index): Row => ({
    id: String(index),
    prompt: '',
    answers: [caption],
    picture: {
      source: `picture ${index}`,
      fingerprint: `picture ${index}`,
      load: async () => ({ width: 16, height: 16, data: new Uint8Array(16 * 16 * 3).fill(99 * index) }),
    },
  }),
);
const dataset: Dataset = { name: 'two', splits: ['train'], split: () => rows, notes: [] };

const MODEL = {
  encoder: {
    use: 'clip/vit',
    options: {
      imageSize: 16,
      patchSize: 16,
      width: 256,
      blockCount: 4,
      headCount: 4,
      feedForwardSize: 1024,
      pooledSize: 32,
    },
  },
  st: { use: 'sts/linear', preset: 'tokens' },
  llm: {
    use: 'gpt2',
    options: { hiddenSize: 384, blockCount: 4, headCount: 4, feedForwardSize: 1536, contextLength: 32 },
  },
};
const STEPS = 3;
const MEBIBYTE = 2 ** 20;

type Part = 'encoder' | 'st' | 'llm';

/**
 * Bytes that the engine has allocated for tensors, now and at most. The engine's own count takes a tensor that shares
 * another's memory for a second one, so that the tape of a step would seem to copy every weight.
 */
class Allocations {
  now = 0;
  most = 0;
  readonly #sizes = new Map<number, number>();

  constructor() {
    const { wasm } = backend() as unknown as {
      wasm: Record<'_malloc' | '_free', (number: number) => number>;
    };
    const { _malloc: allocate, _free: free } = wasm;
    wasm._malloc = (size) => {
      const address = allocate(size);
      this.#sizes.set(address, size);
      this.now += size;
      this.most = Math.max(this.most, this.now);
      return address;
    };
    wasm._free = (address) => {
      this.now -= this.#sizes.get(address) ?? 0;
      this.#sizes.delete(address);
      return free(address);
    };
  }
}

/** What a segment held, in bytes; `parameters` and `learning` are those of the model itself. */
interface Held {
  readonly parameters: Readonly<Record<Part, number>>;
  readonly learning: number;
  /** Tensors between two steps beside the parameters: moments, averages, and what the run caches. */
  readonly between: number;
  /** Tensors at the height of a step beside those: gradients, and what the step computes. */
  readonly within: number;
  /** Numbers of each group of the checkpoint inside the segment. */
  readonly checkpoint: Readonly<Record<string, number>>;
}

/** Trains the parts that learn for a few steps. */
async function train(learning: readonly Part[], allocated: Allocations): Promise<Held> {
  const created = await createModel(MODEL, {
    loadPlugin,
    tokenizer,
    random: createRandomStream(1),
    maxTextLength: 16,
  });
  const { model } = created;
  const bytesOf = (part: Part) =>
    model[part].parameters().reduce((sum, { variable }) => sum + 4 * variable.size, 0);
  const parameters = { encoder: bytesOf('encoder'), st: bytesOf('st'), llm: bytesOf('llm') };
  const before = allocated.now;
  allocated.most = before;
  const rate = { select: 'full', learningRate: 1e-3 } as const;
  const segment: SegmentInput = {
    name: 'only',
    learn: Object.fromEntries(learning.map((part) => [part, rate])),
    objective: 'caption',
    data: 'train',
    until: { steps: STEPS },
    batchSize: 2,
    ema: { decay: 0.9 },
    clipNorm: 1,
  };
  let checkpoint: Record<string, number> | undefined;
  const checkpoints: CheckpointStore = {
    latest: async () => undefined,
    save: async ({ tensors }) => {
      checkpoint ??= Object.fromEntries(
        Object.entries(tensors).map(([group, arrays]) => [
          group,
          arrays!.reduce((sum, { data }) => sum + data.byteLength, 0),
        ]),
      );
    },
  };
  let between = 0;
  await trainPlan({
    model,
    plan: parsePlan({ segments: [segment] }),
    dataset,
    tokenizer,
    seed: 1,
    checkpoints,
    save: { steps: 1 },
    onProgress: ({ phase }) => {
      if (phase === 'train') between = allocated.now - before;
    },
  });
  model.dispose();
  return {
    parameters,
    learning: learning.reduce((sum, part) => sum + parameters[part], 0),
    between,
    within: allocated.most - before - between,
    checkpoint: checkpoint!,
  };
}

describe('what a frozen part costs while others learn', () => {
  let all: Held;
  let llmFrozen: Held;
  let stAlone: Held;
  beforeAll(async () => {
    await startEngine({ engine: 'wasm', threads: 1 });
    const allocated = new Allocations();
    all = await train(['encoder', 'st', 'llm'], allocated);
    llmFrozen = await train(['encoder', 'st'], allocated);
    stAlone = await train(['st'], allocated);
  }, 120_000);

  test('two moments and an average of what learns are held between steps, and nothing of the rest', () => {
    for (const { between, learning } of [all, llmFrozen, stAlone]) {
      expect(between - 3 * learning).toBeGreaterThanOrEqual(0);
      expect(between - 3 * learning).toBeLessThan(MEBIBYTE / 4);
    }
  });

  test('gradients are taken of what learns; a step copies nothing of the rest', () => {
    const { encoder, llm } = all.parameters;
    const computed = [all, llmFrozen, stAlone].map(({ within, learning }) => within - learning);
    // What the layers compute for two pictures, much the same in each; any copy of a frozen part would be more.
    expect(Math.min(...computed)).toBeGreaterThan(0);
    expect(Math.max(...computed)).toBeLessThan(10 * MEBIBYTE);
    expect(Math.max(...computed) - Math.min(...computed)).toBeLessThan(2 * MEBIBYTE);
    expect(Math.min(encoder, llm)).toBeGreaterThan(12 * MEBIBYTE);
  });

  test('a checkpoint holds what learns, where it began, its moments and its average', () => {
    for (const { checkpoint, learning } of [all, llmFrozen, stAlone]) {
      expect(checkpoint).toEqual({
        model: learning,
        start: learning,
        optimizer: 2 * learning,
        average: learning,
        objective: 0,
      });
    }
  });
});
