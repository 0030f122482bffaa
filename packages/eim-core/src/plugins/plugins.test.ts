import { type Dataset, EimError, type Row, type RunLogger, type WeightsDescription } from '@eim/contracts';
import { defineModelPlugin, type TextEncoder } from '@eim/contracts/model';
import { createRandomStream, startEngine } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parsePlan } from '../plan/parse-plan.js';
import { tinyPlugin } from '../testing/tiny-parts/index.js';
import { checkManifest } from './check-manifest.js';
import { createModel } from './create-model.js';
import { parseUse } from './parse-use.js';
import { recogniseWeights } from './recognise-weights.js';
import { resolveObjectives } from './resolve-objectives.js';
import { loadFromList, resolvePlugin } from './resolve-plugin.js';

const errorOf = async (run: () => unknown): Promise<EimError> => {
  try {
    await run();
  } catch (error) {
    if (EimError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('parseUse', () => {
  it.each([
    ['@acme/eyes', { packageName: '@acme/eyes' }],
    ['@acme/eyes/wide', { packageName: '@acme/eyes', entryName: 'wide' }],
    ['eyes', { packageName: 'eyes' }],
    ['eyes/ViT-B.32', { packageName: 'eyes', entryName: 'ViT-B.32' }],
  ])('%s', (use, expected) => expect(parseUse(use)).toEqual(expected));

  it.each([
    '',
    './eyes',
    '../eyes',
    '/eyes',
    'C:\\eyes',
    'file:eyes',
    'https://a.b/c',
    '@acme',
    'a/b/c',
    'a/',
    'a/..',
  ])('refuses %j', async (use) => expect((await errorOf(() => parseUse(use))).code).toBe('invalid-config'));

  it('gives back the text that it was made from, or refuses', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[@a-z./~-]{1,12}$/), (use) => {
        let parsed: ReturnType<typeof parseUse>;
        try {
          parsed = parseUse(use);
        } catch (error) {
          return EimError.isInstance(error);
        }
        const { packageName, entryName } = parsed;
        return use === (entryName === undefined ? packageName : `${packageName}/${entryName}`);
      }),
    );
  });
});

describe('checkManifest', () => {
  it('names the package and both versions', async () => {
    const error = await errorOf(() => checkManifest({ contractVersion: 2, name: 'x' }, '@acme/eyes'));
    expect(error.code).toBe('contract-mismatch');
    expect(error.message).toContain(
      "'@acme/eyes' is made for contract version 2; @eim/core here has version 1",
    );
  });

  it('lists every mistake', async () => {
    const manifest = {
      contractVersion: 1,
      encoders: { a: { presets: {} } },
      benchmarks: { b: {} },
      objectives: 3,
    };
    const { data } = await errorOf(() => checkManifest(manifest, 'x'));
    expect(data.mistakes).toEqual([
      'name must be a string',
      'encoders.a lacks optionsSchema (with safeParse), create (a function)',
      'objectives must be an object of entries by name',
      'benchmarks.b lacks load (a function), identify (a function), prompt (a function), parse (a function), score (a function), aggregate (a function)',
    ]);
  });

  it.each([undefined, null, 3, {}, { name: 'x' }])('refuses %j', async (candidate) =>
    expect((await errorOf(() => checkManifest(candidate, 'x'))).message).toContain('default-export'),
  );
});

describe('resolvePlugin', () => {
  const two = { ...tinyPlugin, encoders: { a: tinyPlugin.encoders.rows, b: tinyPlugin.encoders.rows } };
  const load = loadFromList({ '@acme/tiny': tinyPlugin, two });

  it('needs no entry name where the package has one of the kind', async () => {
    const { entryName, entry } = await resolvePlugin('@acme/tiny', 'encoders', load);
    expect([entryName, entry]).toEqual(['rows', tinyPlugin.encoders.rows]);
  });

  it('lists what there is otherwise', async () => {
    const several = await errorOf(() => resolvePlugin('two', 'encoders', load));
    expect(several.message).toContain("more than one encoder. Use one of 'two/a', 'two/b'");
    const [onlyA, onlyB] = ['a', 'b'].map((preset) => ({
      ...tinyPlugin.encoders.rows,
      presets: { [preset]: {} },
    }));
    const apart = loadFromList({ two: { ...tinyPlugin, encoders: { a: onlyA!, b: onlyB! } } });
    expect((await resolvePlugin('two', 'encoders', apart, 'b')).entryName).toBe('b');
    const unknown = await errorOf(() => resolvePlugin('two/toString', 'encoders', load));
    expect(unknown.message).toContain("no encoder 'toString'");
    const none = await errorOf(() => resolvePlugin('two', 'benchmarks', load));
    expect(none.message).toContain("'two' has no benchmark");
  });

  it('says where it looked and what to install', async () => {
    const error = await errorOf(() => resolvePlugin('@acme/absent', 'encoders', load));
    expect(error.code).toBe('plugin-not-found');
    expect(error.message).toContain('looked in the list given');
    expect(error.message).toContain('npm install @acme/absent');
  });
});

describe('resolvePlugin, of what is no part', () => {
  const options = { presets: {}, optionsSchema: z.strictObject({}) };
  const rows: readonly Row[] = [{ id: '1', prompt: 'Is ice solid?', answers: ['yes'] }];
  const dataset: Dataset = { name: 'ice', splits: ['train'], split: () => rows, notes: [] };
  const logged: number[] = [];
  const logger: RunLogger = { log: (step) => logged.push(step) };
  const text = { pooledSize: 2, contextLength: 4, parameters: () => [], dispose: () => {} };
  const textEncoder: TextEncoder = { ...text, encodeText: (ids) => tf.ones([ids.shape[0], 2]) };
  const manifest = defineModelPlugin({
    contractVersion: 1,
    name: '@acme/all',
    datasets: { ice: { ...options, create: () => dataset } },
    loggers: { list: { ...options, create: () => logger } },
    textEncoders: { ones: { ...options, create: () => textEncoder } },
  });
  const load = loadFromList({ '@acme/all': manifest });

  it('finds data sets, loggers and text encoders, which do what their kind does', async () => {
    await startEngine({ engine: 'cpu' });
    const ice = await resolvePlugin('@acme/all/ice', 'datasets', load);
    expect((await ice.entry.create({}, {})).split('train')).toBe(rows);
    const list = await resolvePlugin('@acme/all', 'loggers', load);
    (await list.entry.create({}, { runName: 'first' })).log(3, { loss: 1 });
    expect(logged).toEqual([3]);
    const ones = await resolvePlugin('@acme/all', 'textEncoders', load);
    const encoder = await ones.entry.create({}, { random: createRandomStream(1) });
    const ids = tf.zeros<tf.Rank.R2>([3, 4], 'int32');
    const vectors = encoder.encodeText(ids, ids);
    expect(vectors.shape).toEqual([3, 2]);
    tf.dispose([ids, vectors]);
  });

  it('names the kind that is missing or wrong', async () => {
    const none = await errorOf(() => resolvePlugin('tiny', 'loggers', loadFromList({ tiny: tinyPlugin })));
    expect(none.message).toContain('no logger');
    const wrong = { contractVersion: 1, name: 'x', datasets: { ice: {} } };
    expect((await errorOf(() => checkManifest(wrong, 'x'))).message).toContain('datasets.ice lacks presets');
  });
});

describe('resolveObjectives', () => {
  const objective = {
    presets: {},
    optionsSchema: { safeParse: () => ({ success: true, data: {} }) },
    create: () => {},
  };
  const load = loadFromList({
    '@acme/scst': { contractVersion: 1, name: 'scst', objectives: { cider: objective } },
  });
  const planOf = (...uses: string[]) =>
    parsePlan({
      segments: uses.map((use, index) => ({
        name: `s${index}`,
        learn: { st: { select: 'full', learningRate: 1 } },
        objective: use,
        data: 'train',
        until: { steps: 1 },
      })),
    });

  it("finds what packages bring and leaves the core's own alone", async () => {
    const plan = planOf('caption', '@acme/scst', '@acme/scst/cider', '@acme/scst');
    const entries = await resolveObjectives(plan, load);
    expect(Object.keys(entries)).toEqual(['@acme/scst', '@acme/scst/cider']);
    expect(entries['@acme/scst']).toBe(objective);
  });

  it('names a package that is not there', async () => {
    const error = await errorOf(() => resolveObjectives(planOf('absent/name'), load));
    expect(error.message).toContain('npm install absent');
  });
});

describe('recogniseWeights', () => {
  const files = (...names: string[]) => ({ files: names }) as unknown as WeightsDescription;
  const claiming = (suffix: string) => ({
    ...tinyPlugin,
    encoders: {
      rows: {
        ...tinyPlugin.encoders.rows,
        recognise: ({ files }: WeightsDescription) => files.some((f) => f.endsWith(suffix)),
      },
    },
  });

  it('finds the one that knows the files', () => {
    const manifests = new Map([
      ['a', claiming('.x')],
      ['b', claiming('.y')],
    ]);
    expect(recogniseWeights(files('w.y'), manifests)).toEqual({
      packageName: 'b',
      kind: 'encoders',
      entryName: 'rows',
    });
    expect(recogniseWeights(files('w.z'), manifests)).toBeUndefined();
  });

  it('refuses two claims', async () => {
    const manifests = new Map([
      ['a', claiming('x')],
      ['b', claiming('.x')],
    ]);
    const error = await errorOf(() => recogniseWeights(files('w.x'), manifests));
    expect(error.code).toBe('plugin-conflict');
    expect(error.message).toContain("'a/rows' and 'b/rows'");
  });
});

describe('createModel', () => {
  const loadPlugin = loadFromList({ tiny: tinyPlugin });
  const random = createRandomStream(3);
  const config = { encoder: { use: 'tiny' }, st: { use: 'tiny/linear' }, llm: { use: 'tiny' } };
  beforeAll(async () => {
    await startEngine({ engine: 'cpu' });
  });

  it('lays options over the preset and keeps them in full', async () => {
    const encoder = { use: 'tiny', preset: 'large', options: { tokenSize: 7 } };
    const { model, parts } = await createModel({ ...config, encoder }, { loadPlugin, random });
    expect(parts.encoder).toEqual({
      use: 'tiny/rows',
      preset: 'large',
      options: { imageSize: 8, tokenSize: 7, pooledSize: 5 },
    });
    expect([model.encoder.tokenCount, model.packages.st]).toEqual([8, 'tiny']);
    model.dispose();
  });

  it('frees what was built when the parts do not fit', async () => {
    const before = tf.memory().numTensors;
    const run = () => createModel(config, { loadPlugin, random, maxTextLength: 40 });
    expect((await errorOf(run)).code).toBe('width-mismatch');
    expect(tf.memory().numTensors).toBe(before);
  });

  it('reports all mistakes in the options of a part with their paths', async () => {
    const encoder = { use: 'tiny', options: { imageSize: 0, colour: 'red' } };
    const { data } = await errorOf(() => createModel({ ...config, encoder }, { loadPlugin, random }));
    expect((data.issues as { path: string }[]).map(({ path }) => path)).toEqual([
      'encoder.options.imageSize',
      'encoder.options',
    ]);
    const preset = { use: 'tiny', preset: 'huge' };
    const error = await errorOf(() => createModel({ ...config, encoder: preset }, { loadPlugin, random }));
    expect(error.message).toContain("encoder.preset: 'tiny' has no preset 'huge'; it has small, large");
  });
});
