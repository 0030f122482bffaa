import type {
  ForwardOptions,
  KeyValueCache,
  LanguageModel,
  ModelParts,
  SemanticTransform,
  Tensor1D,
  Tensor2D,
  Tensor3D,
} from '@eim/contracts/model';
import { answerAll, injectRows, rowLogits } from '@eim/core';
import { startEngine } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  CORRECTED,
  excess,
  isWithout,
  loadEncoder,
  loadLlm,
  loadTransform,
  originals,
  PUBLISHED,
  setConfig,
  statedOptions,
  WEIGHT_FILES,
} from './lavin-set.js';

const FILE = 'generate.safetensors';
const ROUTING = 'llm-routing.safetensors';

const given = isWithout(...WEIGHT_FILES, FILE) ? undefined : await originals.tensors(FILE);
const indicators = given ? [...given!.values('indicators')] : [];
const everyRow = [...indicators.keys()];
const picturedRows = everyRow.filter((row) => indicators[row] === 1);

/** Rows of a case, by its name. */
function rowsOf(name: string): readonly number[] {
  if (name === 'batch') return everyRow;
  if (name === 'images') return picturedRows;
  return name === 'images_swapped' ? [...picturedRows].reverse() : [Number(name.slice('row'.length))];
}

/** What the set generated. */
const cases = (given?.names ?? []).flatMap((tensor) => {
  const [, temperature, name] = /^t(\d+)\.(\w+)\.ids$/.exec(tensor) ?? [];
  return name ? [{ name, temperature: Number(temperature), rows: rowsOf(name) }] : [];
});
const singles = cases.filter(({ name, temperature }) =>
  given!.names.includes(`t${temperature}.${name}.teacher_forced_logits`),
);

describe.skipIf(given === undefined)('LaVIN’s generation', () => {
  let neighbours: Pick<ModelParts, 'encoder' | 'llm'>;
  const made = new Map<string, SemanticTransform>();

  beforeAll(async () => {
    await startEngine({ engine: 'wasm' });
    neighbours = { encoder: await loadEncoder(), llm: await loadLlm() };
  });
  afterAll(() => {
    for (const part of [...made.values(), neighbours?.encoder, neighbours?.llm]) part?.dispose();
  });

  async function partsOf(
    temperature: number,
    compat: typeof PUBLISHED | typeof CORRECTED,
  ): Promise<ModelParts> {
    const key = `${temperature} ${compat.batchRouting}`;
    const st = made.get(key) ?? (await loadTransform(neighbours, statedOptions(temperature, compat)));
    made.set(key, st);
    return { ...neighbours, st };
  }

  const promptOf = (row: number) => [
    setConfig().bos,
    ...given!.rows('prompts')[row]!.filter((id) => id >= 0),
  ];
  /** A row's prompt as the program counts it: words and visual tokens among it, the modality token not. */
  const lengthOf = ({ st }: ModelParts, row: number) => {
    const { prefix_img_ids: picture, prefix_nonimg_ids: text } = setConfig();
    const before = indicators[row] ? picture.length + st.hiddenLayers!.length : text.length;
    return before + promptOf(row).length;
  };
  const picturesOf = (rows: readonly number[]) =>
    tf.tidy(() => tf.gather(given!.pixels('images'), tf.tensor1d([...rows], 'int32')));
  const asked = (rows: readonly number[]) =>
    rows.map((row, index) => ({
      ids: promptOf(row),
      ...(indicators[row] ? { picture: index } : {}),
    }));

  /** The LLM, and the logits that it has given. */
  function listening(llm: LanguageModel) {
    const steps: Float32Array[] = [];
    const model = Object.create(llm, {
      forward: {
        value: (embeddings: Tensor3D, options: ForwardOptions) => {
          const result = llm.forward(embeddings, options);
          steps.push(result.logits.dataSync() as Float32Array);
          return result;
        },
      },
    }) as LanguageModel;
    Object.defineProperty(model, 'generate', { value: Object.getPrototypeOf(llm).generate });
    return { model, steps };
  }

  test.for(cases)('as published: $name at temperature $temperature', async ({ name, rows, temperature }) => {
    const key = `t${temperature}.${name}`;
    const parts = await partsOf(temperature, PUBLISHED);
    const { model, steps } = listening(parts.llm);
    const lengths = rows.map((row) => lengthOf(parts, row));
    const wanted = given!
      .rows(`${key}.ids`)
      .map((ids, index) => ids.slice(lengths[index]!).filter((id) => id >= 0));
    const pixels = picturesOf(rows);
    const maxNewTokens = Math.max(...wanted.map(({ length }) => length));
    const answers = await answerAll({ ...parts, llm: model }, asked(rows), {
      pictures: { pixels },
      maxNewTokens,
    });
    pixels.dispose();
    expect(answers.map(({ ids }, index) => ids.slice(0, wanted[index]!.length))).toEqual(wanted);

    const logits = given!.values(`${key}.logits`);
    const vocabulary = given!.shape(`${key}.logits`)[2]!;
    const at = (values: Float32Array, row: number) => values.slice(row * vocabulary, (row + 1) * vocabulary);
    rows.forEach((_, row) => {
      const first = lengths[row]! - Math.min(...lengths);
      for (let step = 0; step < wanted[row]!.length; step++) {
        const theirs = at(logits, (first + step) * rows.length + row);
        expect(excess(at(steps[step]!, row), theirs), `row ${row}, step ${step}`).toBeLessThan(1);
      }
    });
  });

  test.for(singles)(
    'corrected, $name: whole and step by step it is the training forward',
    async ({ name, temperature, rows: [row] }) => {
      const key = `t${temperature}.${name}`;
      const parts = await partsOf(temperature, CORRECTED);
      const [count, vocabulary] = given!.shape(`${key}.teacher_forced_logits`) as [number, number];
      const generated = given!
        .rows(`${key}.ids`)[0]!
        .slice(lengthOf(parts, row!))
        .slice(0, count - 1);
      const prompt = promptOf(row!);
      const ids = [...prompt, ...generated];
      const wanted = given!.values(`${key}.teacher_forced_logits`);
      const shows = indicators[row!] === 1;
      tf.tidy(() => {
        const pixels = picturesOf([row!]);
        const layout = shows
          ? { rowCount: 1, pictureCount: 1, rowsPerPicture: 1, pixels }
          : { rowCount: 1, pictureCount: 0 };
        const text = {
          ids: tf.tensor2d([ids], undefined, 'int32') as Tensor2D,
          mask: tf.ones([1, ids.length]) as Tensor2D,
        };
        const seen: { embeddings: Tensor3D; options: ForwardOptions }[] = [];
        const llm = Object.create(parts.llm, {
          forward: {
            value: (embeddings: Tensor3D, options: ForwardOptions) => {
              seen.push({ embeddings, options });
              return parts.llm.forward(embeddings, options);
            },
          },
        }) as LanguageModel;
        const whole = rowLogits({ ...parts, llm }, { ...layout, ...text }); // [S, V]
        const slots = whole.shape[0];
        const tail = tf.slice(whole, [slots - count, 0], [count, vocabulary]); // as many as follow the prompt
        expect(excess(tail.dataSync(), wanted)).toBeLessThan(1);

        // the same, one position at a time from the first on
        const [{ embeddings, options }] = seen as [(typeof seen)[0]];
        let cache: KeyValueCache | undefined;
        const all = whole.dataSync() as Float32Array;
        const real = options.mask!.dataSync();
        for (let slot = 0; slot < slots; slot++) {
          const step = parts.llm.forward(tf.slice(embeddings, [0, slot, 0], [1, 1, -1]), {
            ...options,
            mask: tf.slice(options.mask!, [0, 0], [1, slot + 1]),
            ...(options.positions && { positions: tf.slice(options.positions, [0, slot], [1, 1]) }),
            useCache: true,
            ...(cache && { cache }),
          });
          cache = step.cache!;
          if (real[slot] === 0) continue;
          const expected = all.slice(slot * vocabulary, (slot + 1) * vocabulary);
          expect(excess(step.logits.dataSync(), expected), `slot ${slot}`).toBeLessThan(1);
        }
      });
    },
  );

  test('corrected: no row depends on its neighbours', async () => {
    const [temperature] = setConfig().temperatures;
    const parts = await partsOf(temperature!, CORRECTED);
    const answersOf = async (rows: readonly number[]) => {
      const pixels = picturesOf(rows);
      const { model, steps } = listening(parts.llm);
      const answers = await answerAll({ ...parts, llm: model }, asked(rows), {
        pictures: { pixels },
        maxNewTokens: 8,
        ignoreEnd: true,
      });
      pixels.dispose();
      const width = parts.llm.vocabularySize;
      return rows.map((_, index) => ({
        ids: answers[index]!.ids,
        logits: steps.flatMap((step) => [...step.slice(index * width, (index + 1) * width)]),
      }));
    };
    const alone = [];
    for (const row of everyRow) alone.push((await answersOf([row]))[0]!);
    for (const rows of [everyRow, [...everyRow].reverse(), everyRow.slice(1)]) {
      for (const [index, answer] of (await answersOf(rows)).entries()) {
        const own = alone[rows[index]!]!;
        expect(answer.ids).toEqual(own.ids);
        expect(excess(answer.logits, own.logits), `row ${rows[index]} of ${rows}`).toBeLessThan(1);
      }
    }
  });

  test('routers of the LLM depend on layer and modality alone', async ({ skip }) => {
    skip(originals.lacks(ROUTING) !== undefined, `the set lacks ${ROUTING}`);
    const wanted = await originals.tensors(ROUTING);
    for (const temperature of setConfig().temperatures) {
      const parts = await partsOf(temperature, CORRECTED);
      tf.tidy(() => {
        const pixels = picturesOf([picturedRows[0]!]);
        for (const kind of ['image', 'text'] as const) {
          const rows =
            kind === 'image'
              ? { rowCount: 1, pictureCount: 1, rowsPerPicture: 1 }
              : { rowCount: 1, pictureCount: 0 };
          const features =
            kind === 'image'
              ? parts.encoder.encode(pixels, {
                  injection: parts.st.encoderInjection!({
                    batch: 1,
                    modality: tf.ones([1], 'int32') as Tensor1D,
                    embed: () => tf.zeros([1, 1, 1]) as Tensor3D,
                  })!,
                  hiddenLayers: parts.st.hiddenLayers!,
                })
              : undefined;
          const injection = injectRows(parts, features, rows);
          const { cache } = parts.llm.forward(injection.prefix!.embeddings, { injection, useCache: true });
          const { routing } = cache as unknown as { readonly routing: Readonly<Record<string, Tensor2D>> };
          const name = `t${temperature}.${kind}`;
          const found = Array.from({ length: wanted.shape(name)[0]! }, (_, layer) => [
            ...routing[`blocks.${layer}.attention.input`]!.dataSync(),
          ]);
          expect(excess(found.flat(), wanted.values(name)), name).toBeLessThan(1);
        }
      });
    }
  });
});
