import type {
  EncodedImages,
  ImageEncoderShape,
  Injection,
  InsertionPoint,
  LanguageModel,
  LanguageModelShape,
  SemanticTransform,
  TransformContext,
} from '@eim/contracts/model';
import { createRandomStream } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { hiddenShapeOf, mapFeatures } from '../compose/expand-rows.js';
import {
  onePictureEach,
  type PassOptions,
  type RowLayout,
  rowContext,
} from '../compose/transform-context.js';
import { type ConformanceCase, type CreatePart, partCase } from './conformance-case.js';
import { demand, demandClose, demandShape } from './demand.js';
import { parametricCases } from './parametric-cases.js';
import { readFlat } from './read-outputs.js';

export interface SemanticTransformConformanceOptions {
  readonly create: CreatePart<SemanticTransform>;
  /** The neighbours that `create` made it for. */
  readonly encoder: ImageEncoderShape;
  readonly llm: LanguageModelShape & Partial<Pick<LanguageModel, 'tokenizer'>>;
}

/** The checks that an ST has to pass; run them with any test runner on a started engine. */
export function semanticTransformConformance({
  create,
  encoder,
  llm,
}: SemanticTransformConformanceOptions): ConformanceCase[] {
  const contextOf = (rows: RowLayout, options: PassOptions = {}): TransformContext =>
    rowContext({ llm: withTable(llm) }, asked(rows, llm), options);
  const transform = (st: SemanticTransform, options: PassOptions = {}) =>
    st.transform(features(st, encoder, 0, BATCH), contextOf(onePictureEach(BATCH), options));
  const outputs = (st: SemanticTransform) => [
    ...listed(transform(st), llm.insertionPoints),
    ...listed(st.encoderInjection?.(contextOf(onePictureEach(BATCH))) ?? {}, encoder.insertionPoints),
  ];
  return [
    partCase('it fits the neighbours that it was made for', create, (st) => {
      const { widths } = st;
      demand(
        widths.hiddenSize === llm.hiddenSize,
        `hiddenSize is ${widths.hiddenSize}, not ${llm.hiddenSize}`,
      );
      for (const width of ['pooledSize', 'tokenSize', 'tokenCount'] as const) {
        const wanted = widths[width];
        demand(
          wanted === undefined || wanted === encoder[width],
          `${width} is ${wanted}, not ${encoder[width]}`,
        );
      }
      for (const block of st.hiddenLayers ?? []) {
        demand(block >= 1 && block <= encoder.blockCount, `it reads block ${block} of ${encoder.blockCount}`);
      }
    }),

    partCase('what enters the LLM has the shapes that the LLM takes', create, (st) => {
      tf.tidy(() => {
        const {
          prefix,
          layerPrompts = [],
          blockAdapters = new Map(),
          linearTunings = new Map(),
        } = transform(st);
        demand((prefix === undefined) === (st.prefixLength === 0), `prefixLength is ${st.prefixLength}`);
        if (prefix) {
          demandShape(prefix.embeddings.shape, [BATCH, st.prefixLength, llm.hiddenSize], 'the prefix');
          if (prefix.mask) demandShape(prefix.mask.shape, [BATCH, st.prefixLength], 'the mask of the prefix');
        }
        for (const { layer, prompts, gate } of layerPrompts) {
          demand(layer >= 0 && layer < llm.blockCount, `a prompt is for layer ${layer} of ${llm.blockCount}`);
          demandShape(prompts.shape.slice(2), [llm.hiddenSize], `width of the prompts of layer ${layer}`);
          demand(
            [1, BATCH].includes(prompts.shape[0]),
            `prompts of layer ${layer} have ${prompts.shape[0]} rows`,
          );
          demandShape(gate.shape, [llm.headCount], `the gate of layer ${layer}`);
        }
        const known = llm.insertionPoints.map(({ name }) => name);
        for (const name of blockAdapters.keys())
          demand(known.includes(name), `the LLM has no point '${name}'`);
        for (const [name, { inputScale, outputScale, bias, lowRank }] of linearTunings) {
          const layer = llm.linears?.find((linear) => linear.name === name);
          demand(layer !== undefined, `the LLM has no linear layer '${name}'`);
          if (inputScale) demandShape(inputScale.shape, [layer.inputSize], `the input scale of '${name}'`);
          if (outputScale)
            demandShape(outputScale.shape, [layer.outputSize], `the output scale of '${name}'`);
          if (bias) demandShape(bias.shape, [layer.outputSize], `the bias of '${name}'`);
          if (lowRank) {
            const [, rank = 0] = lowRank.down.shape;
            demandShape(lowRank.down.shape, [layer.inputSize, rank], `lowRank.down of '${name}'`);
            demandShape(lowRank.up.shape, [rank, layer.outputSize], `lowRank.up of '${name}'`);
          }
        }
      });
    }),

    partCase('a picture does not depend on the others of its batch', create, async (st) => {
      const prefixOf = (from: number, count: number) =>
        readFlat(() => {
          const { prefix, layerPrompts } = st.transform(
            features(st, encoder, from, count),
            contextOf(onePictureEach(count)),
          );
          const own = (layerPrompts ?? []).filter(({ prompts }) => prompts.shape[0] === count && count > 1);
          return prefix ? [prefix.embeddings] : own.map(({ prompts }) => prompts);
        });
      const apart = [];
      for (let row = 0; row < BATCH; row++) apart.push(...(await prefixOf(row, 1)));
      if (st.prefixLength > 0) demandClose(await prefixOf(0, BATCH), apart, 1e-4, 'the prefix in a batch');
    }),

    partCase('rows of text may stand between rows with pictures', create, async (st) => {
      const entering = (modality: readonly number[], from: number) =>
        readFlat(() => {
          const count = modality.length;
          const given = mapFeatures(features(st, encoder, from, count), (tensor) =>
            tf.mul(
              tensor,
              tf.reshape(tf.tensor1d([...modality]), [count, ...tensor.shape.slice(1).map(() => 1)]),
            ),
          );
          const rows = { ...onePictureEach(count), modality: tf.tensor1d([...modality], 'int32') };
          const { prefix } = st.transform(given, contextOf(rows));
          if (!prefix) return [];
          const real = prefix.mask ?? tf.tile(tf.reshape(rows.modality, [count, 1]), [1, st.prefixLength]);
          return [tf.mul(prefix.embeddings, tf.expandDims(tf.cast(real, 'float32'), 2)), real]; // [B, K, H], [B, K]
        });
      const width = st.prefixLength * llm.hiddenSize;
      const together = await entering([1, 0, 1], 0);
      const apart = [await entering([1], 0), await entering([0], 1), await entering([1], 2)];
      const slots = apart.flatMap((row) => row.slice(0, width));
      const masks = apart.flatMap((row) => row.slice(width));
      demandClose(together, [...slots, ...masks], 1e-4, 'the prefix of rows with and without pictures');
    }),

    partCase('training with one random state is repeatable', create, async (st) => {
      const run = () =>
        readFlat(() => {
          const random = createRandomStream('dropout');
          return listed(transform(st, { training: true, random }), llm.insertionPoints);
        });
      demandClose(await run(), await run(), 0, 'a second training pass with the same random state');
    }),

    ...parametricCases({ create, outputs }),
  ];
}

const BATCH = 3;

/** An LLM's shape with a table of its own, for an ST whose prefix holds words. */
function withTable(llm: SemanticTransformConformanceOptions['llm']): LanguageModel {
  const embed: LanguageModel['embed'] = (ids) => {
    const table = createRandomStream('words').uniformTensor([llm.vocabularySize, llm.hiddenSize]); // [V, H]
    return tf.gather(table, ids) as tf.Tensor3D; // [B, T, H]
  };
  return { ...llm, embed } as LanguageModel;
}

/** Rows with a prompt of two ids each, for an ST that reads prompts. */
function asked(rows: RowLayout, { vocabularySize }: LanguageModelShape): RowLayout {
  const ids = Array.from({ length: rows.rowCount }, (_, row) => [
    row % vocabularySize,
    (row + 1) % vocabularySize,
  ]);
  return { ...rows, ids: tf.tensor2d(ids, undefined, 'int32'), promptMask: tf.ones([rows.rowCount, 2]) };
}

/** Rows `from` to `from + count` of features that are the same at every call. */
function features(
  st: SemanticTransform,
  encoder: ImageEncoderShape,
  from: number,
  count: number,
): EncodedImages {
  const random = createRandomStream('features');
  const draw = (shape: number[]) => {
    const drawn = tf.sub(tf.mul(random.uniformTensor([BATCH, ...shape]), 2), 1);
    return tf.slice(drawn, [from, ...shape.map(() => 0)], [count, ...shape]);
  };
  const { pooledSize, tokenCount, tokenSize } = encoder;
  const pooled = draw([pooledSize]) as tf.Tensor2D;
  const tokens = draw([tokenCount, tokenSize]) as tf.Tensor3D;
  const layers = st.hiddenLayers?.map(
    (n) => [n, draw([...hiddenShapeOf(encoder, n)]) as tf.Tensor3D] as const,
  );
  // What it does not say that it reads is not there, as in a run whose features are cached.
  return {
    ...(st.reads.includes('pooled') && { pooled }),
    ...(st.reads.includes('tokens') && { tokens }),
    ...(layers && { hidden: new Map(layers) }),
  };
}

/** Everything that an injection brings, adapters applied to fixed activations. */
function listed(injection: Injection, points: readonly InsertionPoint[]): tf.Tensor[] {
  const adapted = [...(injection.blockAdapters ?? [])].map(([name, adapter]) => {
    const point = points.find((candidate) => candidate.name === name);
    demand(point !== undefined, `there is no insertion point '${name}'`);
    const drawn = createRandomStream(name).uniformTensor([BATCH * 2, point.width]) as tf.Tensor2D;
    const shape = { batch: BATCH, length: 2 };
    const routes = adapter.route?.(drawn, shape);
    if (routes)
      demandShape(routes.shape.slice(0, 1), [BATCH], `rows of what the adapter at '${name}' routes`);
    const result = adapter.apply(drawn, shape, routes);
    demandShape(result.shape, drawn.shape, `what the adapter at '${name}' returns`);
    return result;
  });
  const prompts = (injection.layerPrompts ?? []).flatMap((prompt) => [prompt.prompts, prompt.gate]);
  const tunings = [...(injection.linearTunings?.values() ?? [])].flatMap(
    ({ inputScale, outputScale, bias, lowRank }) =>
      [inputScale, outputScale, bias, lowRank?.down, lowRank?.up].filter((one) => one !== undefined),
  );
  return [...(injection.prefix ? [injection.prefix.embeddings] : []), ...prompts, ...adapted, ...tunings];
}
