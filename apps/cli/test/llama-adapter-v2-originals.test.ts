import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PublishedWeights } from '@eim/contracts';
import type {
  ImageEncoder,
  LanguageModel,
  ModelParts,
  SemanticTransform,
  Tensor1D,
  Tensor4D,
} from '@eim/contracts/model';
import { encodePictures, giveLlmValues, injectRows } from '@eim/core';
import { rowTokens } from '@eim/core/training';
import clip from '@eim/encoder-clip';
import { createRandomStream, crossEntropy, startEngine } from '@eim/engine';
import llama from '@eim/llm-llama';
import sts, { createLlamaAdapterV2 } from '@eim/st-adapters';
import { openTokenizer } from '@eim/tokenizers/node';
import { openPublishedWeights } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  behindModule,
  cutAtEnd,
  expectClose,
  expectGradients,
  forwardStates,
  generateStepwise,
  gradientsAsWeights,
  joinedWeights,
  labelledLoss,
  Originals,
  predictions,
  rowsOf,
  SUGGESTED,
  type Tensors,
  tidied,
  untilEmpty,
  valuesOf,
} from './adapter-originals.js';
import { SHARED_DATA, scratchFolder } from './run-eim.js';

const originals = new Originals('llama-adapter-v2');
const { 'llama-adapter-v2': entry } = sts.semanticTransforms;
const scratch = scratchFolder();
const KINDS = ['pretrain', 'finetune', 'lora'] as const;
type Kind = (typeof KINDS)[number];

beforeAll(() => startEngine({ engine: 'wasm' }));

/** Files of weights of one kind: each kind has those of the kinds before it, too. */
const filesOf = (kind: Kind): string[] =>
  KINDS.slice(0, KINDS.indexOf(kind) + 1).map((one) => `weights.${one}.safetensors`);

const FIXED = ['config.json', 'params.json', 'weights.llama.safetensors', 'weights.clip.safetensors'];

async function openedAll<Result>(
  files: readonly string[],
  use: (weights: PublishedWeights) => Promise<Result>,
  opened: readonly PublishedWeights[] = [],
): Promise<Result> {
  const [file, ...rest] = files;
  if (file === undefined) return use(joinedWeights(...opened));
  return await originals.opened(file, (weights) => openedAll(rest, use, [...opened, weights]));
}

const headCounts = () => {
  const { visual, clip: tower } = originals.json('config.json');
  return { visual: visual.v_num_heads, clip: tower.heads };
};

async function loadParts(kind: Kind, options: object = {}): Promise<ModelParts> {
  const files = filesOf(kind);
  const llm = await openedAll(['weights.llama.safetensors', ...files], (weights) =>
    llama.languageModels.llama.load(withNorms({ ...weights, config: originals.json('params.json') }), {}),
  );
  const encoder = await originals.opened('weights.clip.safetensors', (weights) => {
    const { vit } = clip.encoders;
    const given = { ...vit.describe(weights), headCount: headCounts().clip, projectedTokens: true };
    return vit.load(weights, {}, vit.optionsSchema.parse(given));
  });
  const st = await openedAll(files, (weights) => {
    const given = { ...entry.describe(weights), visualHeadCount: headCounts().visual, ...options };
    return entry.load(weights, { encoder, llm }, entry.optionsSchema.parse(given));
  });
  return { encoder, st, llm };
}

/** The norms of a file of the second phase in the place of LLaMA's own. */
function withNorms(weights: PublishedWeights): PublishedWeights {
  const nameIn = (name: string) => (weights.has(`llama.${name}`) ? `llama.${name}` : name);
  return {
    ...weights,
    tensorNames: weights.tensorNames.filter((name) => /^(layers|norm|output|tok_embeddings)\./.test(name)),
    info: (name) => weights.info(nameIn(name)),
    read: (name) => weights.read(nameIn(name)),
  };
}

/** Pictures `[P, 3, S, S]` of the set as ours, `[P, S, S, 3]`. */
const pixelsOf = (inputs: Tensors): Tensor4D =>
  tf.transpose(inputs.tensor<tf.Rank.R4>('images'), [0, 2, 3, 1]);

/** Which rows are text alone: their pictures are zeros. */
function modalityOf(inputs: Tensors): Tensor1D {
  const [rows = 0] = inputs.shape('images');
  const values = inputs.values('images');
  const size = values.length / rows;
  return tf.tensor1d(
    Array.from({ length: rows }, (_, row) =>
      values.slice(row * size, (row + 1) * size).some((one) => one !== 0) ? 1 : 0,
    ),
    'int32',
  );
}

/** What the ST puts into the LLM for rows with a picture each, text alone among them. */
const injectionOf = (parts: ModelParts, inputs: Tensors, rows?: readonly number[]) => {
  const all = pixelsOf(inputs);
  const picked = rows ? (tf.gather(all, tf.tensor1d([...rows], 'int32')) as Tensor4D) : all;
  const modality = rows
    ? (tf.gather(modalityOf(inputs), tf.tensor1d([...rows], 'int32')) as Tensor1D)
    : modalityOf(inputs);
  const count = picked.shape[0];
  const layout = { rowCount: count, pictureCount: count, rowsPerPicture: 1, modality };
  return injectRows(parts, encodePictures(parts, { pixels: picked }), layout);
};

const dispose = ({
  encoder,
  st,
  llm,
}: {
  encoder: ImageEncoder;
  st: SemanticTransform;
  llm: LanguageModel;
}) => {
  for (const part of [encoder, st, llm]) part.dispose();
};

const published = { compat: { blankPictures: true } };

describe.skipIf(!originals.present)('LLaMA-Adapter V2 against the original program', () => {
  test.for(KINDS)('%s: states, logits, loss and gradients', async (kind, { skip }) => {
    const lacks = originals.lacks(...FIXED, ...filesOf(kind), 'inputs.safetensors', `${kind}.safetensors`);
    skip(lacks !== undefined, lacks);
    const parts = await loadParts(kind, published);
    const { encoder, st, llm } = parts;
    const inputs = await originals.tensors('inputs.safetensors');
    const expected = await originals.tensors(`${kind}.safetensors`);
    const tolerance = kind === 'lora' ? { absolute: 3e-4, relative: 1e-5 } : SUGGESTED;
    const ids = inputs.tensor<tf.Rank.R2>('tokens', 'int32');
    tf.tidy(() => {
      const { tokens } = encoder.encode(pixelsOf(inputs));
      if (expected.has('clip_tokens')) expectClose(tokens, expected.values('clip_tokens'), 'CLIP tokens');
      const injection = injectionOf(parts, inputs);
      if (expected.has('visual_query')) {
        const { prompts } = injection.layerPrompts!.at(-1)!;
        const own = st.parameters().find(({ name }) => name === `blocks.${llm.blockCount - 1}.prompts`)!;
        expectClose(tf.sub(prompts, own.variable), expected.values('visual_query'), 'visual query');
      }
      const { logits, hidden, attention } = forwardStates(llm, ids, injection);
      for (let block = 0; block < llm.blockCount; block++)
        expectClose(
          hidden.get(block + 1)!,
          expected.values(`llama.block.${block}`),
          `block ${block}`,
          tolerance,
        );
      expectClose(logits, expected.values('logits'), 'logits', tolerance);
      tf.dispose([...attention.values()]);
    });

    const labels = inputs.tensor<tf.Rank.R2>('labels', 'int32');
    const parameters = [...st.parameters(), ...llm.parameters()];
    const { value: loss, grads } = tf.variableGrads(
      () => {
        const { targets, weights } = labelledLoss(ids, labels);
        return crossEntropy(predictions(llm, ids, injectionOf(parts, inputs)), targets, weights);
      },
      parameters.map(({ variable }) => variable),
    );
    expectClose(loss, expected.values('loss'), 'loss', { absolute: 1e-5, relative: 0 });
    const trained = expected.names.filter((name) => name.startsWith('grad.')).map((name) => name.slice(5));
    if (trained.length > 0) {
      const base = 'weights.llama.safetensors';
      const wanted = await originals.opened(`${kind}.safetensors`, async (file) => ({
        st: await openedAll(filesOf(kind), (weights) => {
          const given = { ...entry.describe(weights), visualHeadCount: headCounts().visual };
          return entry.load(
            gradientsAsWeights(file, weights),
            { encoder, llm },
            entry.optionsSchema.parse(given),
          );
        }),
        llm: await openedAll([base, ...filesOf(kind)], (weights) =>
          llama.languageModels.llama.load(
            withNorms(gradientsAsWeights(file, { ...weights, config: originals.json('params.json') })),
            {},
          ),
        ),
      }));
      const gradients = [...wanted.st.parameters(), ...wanted.llm.parameters()]
        .filter(({ name }) => trained.some((one) => isPartOf(name, one)))
        .map(({ name, variable }): [string, Float32Array] => [name, variable.dataSync() as Float32Array]);
      // prompts of all blocks lie in one tensor
      const { layerCount } = entry.optionsSchema.parse(
        await openedAll(filesOf(kind), async (weights) => entry.describe(weights)),
      );
      expect(gradients.length).toBe(trained.length + (kind === 'pretrain' ? layerCount - 1 : 0));
      expectGradients(parameters, grads, new Map(gradients));
      dispose({ encoder, ...wanted });
    } else encoder.dispose();
    for (const part of [st, llm]) part.dispose();
    tf.dispose([ids, labels, loss, grads]);
  });

  test('the half-precision program is near', async ({ skip }) => {
    const files = [...FIXED, ...filesOf('pretrain'), 'inputs.safetensors', 'pretrain.fp16.safetensors'];
    const lacks = originals.lacks(...files);
    skip(lacks !== undefined, lacks);
    const parts = await loadParts('pretrain', published);
    const inputs = await originals.tensors('inputs.safetensors');
    const expected = await originals.tensors('pretrain.fp16.safetensors');
    tf.tidy(() => {
      const ids = inputs.tensor<tf.Rank.R2>('tokens', 'int32');
      const { logits, attention } = forwardStates(parts.llm, ids, injectionOf(parts, inputs));
      expectClose(logits, expected.values('logits'), 'logits', { absolute: 0.1, relative: 0 });
      tf.dispose([...attention.values()]);
    });
    dispose(parts);
  });

  test.for(KINDS)('%s: generation', async (kind, { skip }) => {
    const lacks = originals.lacks(...FIXED, ...filesOf(kind), 'inputs.safetensors', 'generate.safetensors');
    skip(lacks !== undefined, lacks);
    const parts = await loadParts(kind, published);
    const { generate, eos } = originals.json('config.json');
    const inputs = await originals.tensors('inputs.safetensors');
    const file = await originals.tensors('generate.safetensors');
    const prompts = rowsOf(file.has('prompts') ? file : inputs, 'prompts').map(untilEmpty);
    const every = prompts.map((_, row) => row);
    const cases: [string, number[]][] = [
      ['batch', every],
      ...every.map((row): [string, number[]] => [`row${row}`, [row]]),
    ];
    for (const [name, rows] of cases) {
      const key = `${kind}.${name}`;
      if (!file.has(`${key}.tokens`)) continue;
      const injection = tidied(() => injectionOf(parts, inputs, rows));
      const asked = rows.map((row) => prompts[row]!);
      const length = file.shape(`${key}.tokens`)[1]!;
      const { logits, tokens } = generateStepwise(parts.llm, asked, length, injection);
      expect(tokens, key).toEqual(
        rowsOf(file, `${key}.tokens`).map((row, index) => (row.includes(-1) ? tokens[index] : row)),
      );
      expectClose(
        Float32Array.from(logits.flatMap((step) => [...step])).slice(0, file.values(`${key}.logits`).length),
        file.values(`${key}.logits`),
        key,
        kind === 'lora' ? { absolute: 3e-4, relative: 1e-5 } : SUGGESTED,
      );
      if (!file.has(`${key}.generated`)) continue;
      const generated = rowsOf(file, `${key}.generated`).map(untilEmpty);
      const cut = tokens.map((row, index) =>
        cutAtEnd(row, asked[index]!.length, generate.max_gen_len, eos).slice(asked[index]!.length),
      );
      expect(cut, key).toEqual(generated);
      tf.dispose(injection.layerPrompts as never);
    }
    dispose(parts);
  });

  test('without blank pictures a row of text is LLaMA behind prompts alone, whatever stands beside it', async ({
    skip,
  }) => {
    const lacks = originals.lacks(...FIXED, ...filesOf('finetune'), 'inputs.safetensors');
    skip(lacks !== undefined, lacks);
    const parts = await loadParts('finetune');
    const inputs = await originals.tensors('inputs.safetensors');
    const shown = [...modalityOf(inputs).dataSync()];
    const text = shown.indexOf(0);
    expect(text).toBeGreaterThanOrEqual(0);
    tf.tidy(() => {
      const { prompts } = injectionOf(parts, inputs).layerPrompts!.at(-1)!;
      const alone = injectRows(parts, undefined, { rowCount: 1, pictureCount: 0 }).layerPrompts!.at(-1)!;
      const row = tf.slice(prompts, [text, 0, 0], [1, -1, -1]);
      expect([...row.dataSync()]).toEqual([...alone.prompts.dataSync()]);
    });
    dispose(parts);
  });

  test.for([
    [/^BIAS.*\.pth$/, 'finetune'],
    [/^LORA.*\.pth$/, 'lora'],
    [/^checkpoint-\d+\.pth$/, 'finetune'],
  ] as const)('%s holds the weights of %s', async ([pattern, kind], { skip }) => {
    const file = originals.present
      ? readdirSync(originals.folder).find((one) => pattern.test(one))
      : undefined;
    const lacks = originals.lacks(...FIXED, ...filesOf(kind), file ?? String(pattern));
    skip(lacks !== undefined, lacks);
    const parts = await loadParts(kind);
    const { encoder, llm } = parts;
    await originals.opened(file!, async (weights) => {
      expect(entry.recognise(weights)).toBe(true);
      const behind = await openPublishedWeights(await behindModule(weights, scratch));
      for (const one of [weights, behind]) {
        const given = { ...entry.describe(one), visualHeadCount: headCounts().visual };
        const st = await entry.load(one, { encoder, llm }, entry.optionsSchema.parse(given));
        expectNear(valuesOf(st), valuesOf(parts.st));
        // what the file holds for LLaMA is given to the base
        const tuned = await originals.opened('weights.llama.safetensors', (base) =>
          llama.languageModels.llama.load({ ...base, config: originals.json('params.json') }, {}),
        );
        giveLlmValues(st, tuned);
        expectNear(valuesOf(tuned), valuesOf(llm));
        tuned.dispose();
        st.dispose();
      }
      await behind.close();
      if (!weights.has('llama.tok_embeddings.weight')) return;
      // a training state holds LLaMA and CLIP too
      const described = await originals.opened('weights.llama.safetensors', async (base) =>
        llama.languageModels.llama.describe({ ...base, config: originals.json('params.json') }),
      );
      const { llama: language } = llama.languageModels;
      const found = await language.load(weights, {}, language.optionsSchema.parse(described));
      expectNear(valuesOf(found), valuesOf(llm));
      const { vit } = clip.encoders;
      const tower = { ...vit.describe(weights), headCount: headCounts().clip, projectedTokens: true };
      const seen = await vit.load(weights, {}, vit.optionsSchema.parse(tower));
      expectNear(valuesOf(seen), valuesOf(encoder));
      for (const part of [found, seen]) part.dispose();
    });
    dispose(parts);
  });

  test('captions and pictured questions become ids and labels as in the original data sets', async ({
    skip,
  }) => {
    const model = join(SHARED_DATA, 'tokenizers/llama2_tokenizer.model');
    const lacks = existsSync(model) ? originals.lacks('prompts.json') : `${model} is not there`;
    skip(lacks !== undefined, lacks);
    const tokenizer = await openTokenizer(model);
    for (const { text, tokens, labels } of originals.json('prompts.json').rows) {
      const start = text.indexOf('### Response:') + '### Response:'.length;
      const row = { id: 'row', prompt: text.slice(0, start), answers: [text.slice(start)] };
      const { ids, supervised } = rowTokens(row, row.answers[0], tokenizer);
      expect([...ids]).toEqual(tokens);
      expect([...ids].map((id, at) => (at >= supervised[0]! && at < supervised[1]! ? id : 0))).toEqual(
        labels,
      );
    }
  });

  test('fresh, it leaves LLaMA exactly as it is', async ({ skip }) => {
    const lacks = originals.lacks(...FIXED, ...filesOf('pretrain'), 'inputs.safetensors');
    skip(lacks !== undefined, lacks);
    const { encoder, llm, st: loaded } = await loadParts('pretrain');
    const inputs = await originals.tensors('inputs.safetensors');
    const { visual } = originals.json('config.json');
    const sizes = {
      promptLength: visual.query_len,
      layerCount: visual.query_layer,
      visualSize: visual.v_embed_dim,
      visualBlockCount: visual.v_depth,
      visualHeadCount: visual.v_num_heads,
    };
    for (const options of [sizes, { ...sizes, loraRank: 3 }]) {
      const st = createLlamaAdapterV2(options, { encoder, llm, random: createRandomStream(1) });
      tf.tidy(() => {
        const ids = inputs.tensor<tf.Rank.R2>('tokens', 'int32');
        const plain = llm.forward(llm.embed(ids)).logits;
        const injection = injectionOf({ encoder, st, llm }, inputs);
        expect(llm.forward(llm.embed(ids), { injection }).logits.dataSync()).toEqual(plain.dataSync());
      });
      st.dispose();
    }
    dispose({ encoder, st: loaded, llm });
  });
});

/** The same parameters, equal to the last bit but for what a file keeps in half precision. */
function expectNear(found: Record<string, Float32Array>, wanted: Record<string, Float32Array>): void {
  expect(Object.keys(found)).toEqual(Object.keys(wanted));
  for (const [name, values] of Object.entries(wanted))
    expectClose(found[name]!, values, name, { absolute: 1e-6, relative: 1e-3 });
}

/** Whether one of our parameters is (a part of) a published tensor, by their names. */
function isPartOf(ours: string, theirs: string): boolean {
  const block = /layers\.(\d+)\./.exec(theirs)?.[1];
  const visual = /visual_blocks\.(\d+)\.(.*)$/.exec(theirs);
  const end = theirs.slice(theirs.lastIndexOf('.') + 1);
  const NORMS: Record<string, string> = { weight: 'gain', bias: 'bias' };
  if (theirs === 'adapter_query.weight') return /^blocks\.\d+\.prompts$/.test(ours);
  if (theirs.endsWith('attention.gate')) return ours === `blocks.${block}.gate`;
  if (theirs === 'llama.norm.weight') return ours === 'finalNorm.gain';
  if (theirs.endsWith('attention_norm.weight')) return ours === `blocks.${block}.attentionNorm.gain`;
  if (theirs.endsWith('ffn_norm.weight')) return ours === `blocks.${block}.feedForwardNorm.gain`;
  if (theirs.startsWith('llama.')) {
    const layers: Record<string, string> = {
      'attention.wq': 'attention.query',
      'attention.wo': 'attention.output',
      'feed_forward.w1': 'feedForward.gate',
      'feed_forward.w2': 'feedForward.output',
      'feed_forward.w3': 'feedForward.input',
    };
    const [, layer = ''] = /layers\.\d+\.(.*)\.bias$/.exec(theirs) ?? [];
    return ours === `linears.blocks.${block}.${layers[layer]}.bias`;
  }
  if (visual) {
    const names: Record<string, string> = {
      norm1: `attentionNorm.${NORMS[end]}`,
      norm2: `feedForwardNorm.${NORMS[end]}`,
      'attn.qkv': `attention.queryKeyValue.${end}`,
      'attn.proj': `attention.output.${end}`,
      'mlp.fc1': `feedForward.input.${end}`,
      'mlp.fc2': `feedForward.output.${end}`,
    };
    return ours === `visual.blocks.${visual[1]}.${names[visual[2]!.slice(0, -end.length - 1)]}`;
  }
  const outer: Record<string, string> = {
    clip_proj: `tokenProjection.${end}`,
    clip_proj_norm: `tokenNorm.${NORMS[end]}`,
    visual_query: 'queries',
    visual_proj: `outputProjection.${end}`,
    visual_proj_norm: `outputNorm.${NORMS[end]}`,
  };
  return ours === `visual.${outer[theirs.slice(0, theirs.indexOf('.'))]}`;
}
