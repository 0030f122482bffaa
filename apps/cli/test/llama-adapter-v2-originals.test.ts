import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { injectRows } from '@eim/core';
import { rowTokens } from '@eim/core/training';
import { parseQuestions } from '@eim/datasets';
import { createRandomStream, crossEntropy, startEngine } from '@eim/engine';
import llama from '@eim/llm-llama';
import { createLlamaAdapterV2 } from '@eim/st-adapters';
import { openTokenizer } from '@eim/tokenizers/node';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  cutAtEnd,
  expectClose,
  expectGradients,
  forwardStates,
  generateStepwise,
  gradientsAsWeights,
  labelledLoss,
  predictions,
  SUGGESTED,
  tidied,
  untilEmpty,
} from './adapter-originals.js';
import {
  dispose,
  entry,
  FIXED,
  filesOf,
  headCounts,
  injectionOf,
  isPartOf,
  KINDS,
  loadParts,
  modalityOf,
  openedAll,
  originals,
  pixelsOf,
  withNorms,
} from './llama-adapter-v2-parts.js';
import { SHARED_DATA } from './run-eim.js';

beforeAll(() => startEngine({ engine: 'wasm' }));

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
    const prompts = (file.has('prompts') ? file : inputs).rows('prompts').map(untilEmpty);
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
      // a row that is alone ends with its end token, and the rest of its buffer stays empty
      for (const [index, row] of file.rows(`${key}.tokens`).map(untilEmpty).entries())
        expect(tokens[index]!.slice(0, row.length), key).toEqual(row);
      expectClose(
        Float32Array.from(logits.flatMap((step) => [...step])).slice(0, file.values(`${key}.logits`).length),
        file.values(`${key}.logits`),
        key,
        kind === 'lora' ? { absolute: 3e-4, relative: 1e-5 } : SUGGESTED,
      );
      if (!file.has(`${key}.generated`)) continue;
      const generated = file.rows(`${key}.generated`).map(untilEmpty);
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
    skip(text < 0, `${originals.folder} has no row of text`);
    tf.tidy(() => {
      const { prompts } = injectionOf(parts, inputs).layerPrompts!.at(-1)!;
      const alone = injectRows(parts, undefined, { rowCount: 1, pictureCount: 0 }).layerPrompts!.at(-1)!;
      const row = tf.slice(prompts, [text, 0, 0], [1, -1, -1]);
      expect([...row.dataSync()]).toEqual([...alone.prompts.dataSync()]);
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

  test.for([true, false])(
    'a row is alone in its batch, blank pictures %s',
    async (blankPictures, { skip }) => {
      const lacks = originals.lacks(...FIXED, ...filesOf('lora'), 'inputs.safetensors');
      skip(lacks !== undefined, lacks);
      const parts = await loadParts('lora', { compat: { blankPictures } });
      const inputs = await originals.tensors('inputs.safetensors');
      tf.tidy(() => {
        const ids = inputs.tensor<tf.Rank.R2>('tokens', 'int32');
        const logits = (rows: tf.Tensor2D, picked?: readonly number[]) =>
          parts.llm.forward(parts.llm.embed(rows), { injection: injectionOf(parts, inputs, picked) }).logits;
        const [count, length] = ids.shape;
        const together = logits(ids).dataSync() as Float32Array;
        for (let row = 0; row < count; row++) {
          const alone = logits(tf.slice(ids, [row, 0], [1, length]), [row]);
          expectClose(alone, together.slice(row * alone.size, (row + 1) * alone.size), `row ${row}`);
        }
      });
      dispose(parts);
    },
  );

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

describe.skipIf(!originals.present)('instructions as LLaMA-Adapter V2 fine-tunes them', () => {
  test('text rows read as the program wrote them, by their compat template', ({ skip }) => {
    const lacks = originals.lacks('prompts.json');
    skip(lacks !== undefined, lacks);
    const rows = (
      originals.json('prompts.json').rows as { kind: string; item: Record<string, string>; text: string }[]
    ).filter(({ kind, item }) => kind === 'finetune' && item.instruction !== undefined);
    expect(rows.length).toBeGreaterThan(0);
    for (const { item, text } of rows) {
      const [asked] = parseQuestions(JSON.stringify([item]), 'one.json', {
        format: 'alpaca',
        template: 'compat-llama-adapter-v2',
      }).records;
      expect(asked!.prompt + asked!.answers[0]).toBe(text);
    }
  });
});
