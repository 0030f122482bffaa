import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EncodedImages, Injection, ModelParts, TransformContext } from '@eim/contracts/model';
import { createRandomStream, startEngine } from '@eim/engine';
import { add, mean, memory, type Tensor2D } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCheckpointFolder } from '../../node/checkpoints/checkpoint-folder.js';
import { createFeatureFolder } from '../../node/feature-cache/feature-folder.js';
import type { SegmentInput } from '../../plan/segment-schema.js';
import { TinyRouterTransform } from '../../testing/tiny-parts/tiny-router-transform.js';
import { TinySemanticTransform } from '../../testing/tiny-parts/tiny-semantic-transform.js';
import { planMultiplyAdds } from '../budget/plan-multiply-adds.js';
import type { TrainPlanOptions } from '../run/train-options.js';
import { trainPlan } from '../run/train-plan.js';
import { doubleValues } from '../test-support/double-values.js';
import { TinyBlockEncoder } from '../test-support/tiny-block-encoder.js';
import { type TinyRun, tinyRun, tinySegment } from '../test-support/tiny-run.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'eim-blocks-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const all = { select: 'full', learningRate: 0.02 } as const;
const gate = { metric: 'loss', split: 'val', direction: 'min' } as const;
/** Blocks 1 and 2 of 3 are frozen. */
const lastBlock = (changes: Partial<SegmentInput> = {}): SegmentInput =>
  tinySegment({
    learn: { encoder: { select: { lastBlocks: 1 }, learningRate: 0.02 }, st: all },
    gate,
    until: { steps: 6 },
    ...changes,
  });

/** Reads a block that is frozen, one that learns and the pooled vector. */
class LayerReader extends TinySemanticTransform {
  readonly hiddenLayers = [1, 3];

  constructor() {
    super({ random: createRandomStream('reader'), pooledSize: 6 });
  }

  override transform({ hidden }: EncodedImages, context: TransformContext): Injection {
    const read = this.hiddenLayers.map((block) => mean(hidden!.get(block)!, 1));
    return super.transform({ pooled: add(read[0]!, read[1]!) as Tensor2D }, context); // [P, D]
  }
}

type MakeTransform = (model: ModelParts) => ModelParts['st'];

/** A tiny run with an encoder of three blocks. */
function blockRun(
  segments: readonly SegmentInput[],
  more: Partial<TrainPlanOptions> & { readonly st?: MakeTransform } = {},
): TinyRun & { readonly encoder: TinyBlockEncoder } {
  const { st, ...options } = more;
  const run = tinyRun(segments, options);
  run.model.encoder.dispose();
  const encoder = new TinyBlockEncoder(createRandomStream('blocks'));
  const model = { ...run.model, encoder };
  if (st) {
    model.st.dispose();
    Object.assign(model, { st: st(model) });
  }
  const weights = () =>
    new Map(
      [model.encoder, model.st, model.llm].flatMap((part, index) =>
        part
          .parameters()
          .map(({ name, variable }): [string, Float32Array] => [
            `${index}.${name}`,
            Float32Array.from(variable.dataSync()),
          ]),
      ),
    );
  const dispose = () => {
    for (const part of [model.encoder, model.st, model.llm]) part.dispose();
  };
  return { model, encoder, options: { ...run.options, model }, weights, dispose };
}

const routers: MakeTransform = ({ encoder, llm }) =>
  new TinyRouterTransform({ random: createRandomStream('routers'), encoder, llm });

const CASES: readonly (readonly [string, SegmentInput, MakeTransform | undefined])[] = [
  ['captions', lastBlock(), undefined],
  ['a contrastive loss', lastBlock({ objective: 'contrastive' }), undefined],
  ['an alignment', lastBlock({ objective: 'embedding-alignment' }), undefined],
  ['an ST that reads blocks on both sides', lastBlock(), () => new LayerReader()],
  [
    'adapters that the ST keeps in the encoder',
    lastBlock({ learn: { encoder: { select: { lastBlocks: 2 }, learningRate: 0.02 }, llm: all } }),
    routers,
  ],
];

describe.each(['cpu', 'wasm'] as const)('frozen lower blocks of an encoder that learns, on %s', (engine) => {
  beforeAll(async () => void (await startEngine({ engine })));

  it.each(CASES)('run once a picture and end as without a cache: %s', async (_, segment, st) => {
    const more = st ? { st } : {};
    const cached = blockRun([segment], more);
    let [whole, rest] = [0, 0];
    const { encoder } = cached;
    const [encode, encodeFrom] = [encoder.encode.bind(encoder), encoder.encodeFrom.bind(encoder)];
    encoder.encode = (pixels, options) => {
      whole += pixels.shape[0];
      return encode(pixels, options);
    };
    encoder.encodeFrom = (start, options) => {
      rest += start.hidden.shape[0];
      return encodeFrom(start, options);
    };
    const cost = await planMultiplyAdds(cached.options);
    [whole, rest] = [0, 0];
    const tensors = memory().numTensors;
    const result = await trainPlan(cached.options);
    expect(memory().numTensors).toBe(tensors);
    expect(result.segments[0]!.features).toBe('cached');
    // 24 and 12 pictures in a chunk each, and 2 to look for missing kernels; then 6 steps of 6 and a gate of 12, twice.
    expect([whole, rest]).toEqual([32 + 32 + 2, 6 * 6 + 2 * 12]);
    expect(cost.segments[0]).toMatchObject({
      total: result.multiplyAdds.training + result.multiplyAdds.encoding,
      encodedPictures: 24,
    });

    const off = blockRun([segment], { ...more, featureCache: 'off' });
    const computed = await trainPlan(off.options);
    expect(off.weights()).toEqual(cached.weights());
    expect(computed.segments[0]!.gate).toEqual(result.segments[0]!.gate);

    const without = blockRun([segment], more);
    Object.assign(without.encoder, { encodeFrom: undefined });
    const known = await trainPlan(without.options);
    expect(known.segments[0]!.features).toBe('computed');
    expect(known.multiplyAdds.training).toBeGreaterThan(result.multiplyAdds.training);
    for (const [name, values] of cached.weights()) {
      const difference = values.map((value, index) => Math.abs(value - without.weights().get(name)![index]!));
      expect(Math.max(...difference), name).toBeLessThan(2e-5);
    }
    for (const run of [cached, off, without]) run.dispose();
  });
});

describe('frozen lower blocks', () => {
  beforeAll(async () => void (await startEngine({ engine: 'cpu' })));

  it('are kept in views, and end with the very weights of an uninterrupted run when it is resumed', async () => {
    const data = { split: 'train', augment: ['quarter-turns' as const], cachedViews: 3 };
    const whole = blockRun([lastBlock({ data })]);
    expect((await trainPlan(whole.options)).featureCache.encoded).toBe(3 * 24 + 12);
    const checkpoints = createCheckpointFolder(folder);
    const cut = blockRun([lastBlock({ data })], { checkpoints });
    const controller = new AbortController();
    const stopped = trainPlan({
      ...cut.options,
      signal: controller.signal,
      onProgress: ({ phase, step }) => {
        if (phase === 'train' && step === 4) controller.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: 'interrupted' });
    const rest = blockRun([lastBlock({ data })], { checkpoints, resume: true });
    await trainPlan(rest.options);
    expect(rest.weights()).toEqual(whole.weights());
    for (const run of [whole, cut, rest]) run.dispose();
  });

  it('are shared between runs whose upper blocks differ, and by those alone', async () => {
    const featureCache = createFeatureFolder(folder);
    const counts = async (change?: string, select = 1) => {
      const learn = { encoder: { select: { lastBlocks: select }, learningRate: 0.02 }, st: all } as const;
      const { gate: _, ...segment } = lastBlock({ learn, until: { steps: 1 } });
      const run = blockRun([segment], { featureCache });
      const changed = run.encoder.parameters().find(({ name }) => name === change);
      if (changed) doubleValues(changed);
      const { encoded, read } = (await trainPlan(run.options)).featureCache;
      run.dispose();
      return [encoded, read];
    };
    expect(await counts()).toEqual([24, 0]);
    expect(await counts()).toEqual([0, 24]);
    expect(await counts('head.weight')).toEqual([0, 24]);
    expect(await counts('blocks.2.weight')).toEqual([0, 24]);
    expect(await counts('blocks.1.weight')).toEqual([24, 0]);
    expect(await counts(undefined, 2)).toEqual([24, 0]);
    expect(await counts('blocks.1.weight', 2)).toEqual([0, 24]);
  });

  it('stay in the cache while the blocks above them learn', async () => {
    const frozen = tinySegment({ name: 'frozen', learn: { st: all }, until: { steps: 1 } });
    const run = blockRun([
      lastBlock(),
      lastBlock({ name: 'again' }),
      frozen,
      lastBlock({ name: 'third', until: { steps: 1 } }),
    ]);
    const cost = await planMultiplyAdds(run.options);
    const { segments } = await trainPlan(run.options);
    expect(cost.segments.map(({ encodedPictures }) => encodedPictures)).toEqual([24, 0, 24, 0]);
    expect(segments.map(({ multiplyAdds }) => multiplyAdds.encoding)).toEqual(
      cost.segments.map(({ encoding }) => encoding),
    );
    run.dispose();
  });
});
