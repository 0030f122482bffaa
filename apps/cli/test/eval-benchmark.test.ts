import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MME_TASKS } from '@eim/benchmarks';
import { beforeAll, expect, test } from 'vitest';
import { eim, REPOSITORY, scratchFolder } from './run-eim.js';
import { writeTinyConfig } from './tiny-config.js';

const folder = scratchFolder();
const run = join(folder, 'run');
const data = join(folder, 'data');
const cache = join(folder, 'cache');
const PICTURE = join(REPOSITORY, 'apps/cli/test/__fixtures__/red-square.png');
/** A benchmark of somebody else: is the answer's length even? */
const PACKAGE = `export default {
  contractVersion: 1,
  name: '@acme/parity',
  benchmarks: {
    parity: {
      name: 'parity',
      options: { ask: { description: 'what is asked', default: 'short', values: ['short', 'long'] } },
      selectFiles: (paths) => paths.filter((path) => path.endsWith('items.json')),
      load: (files) => JSON.parse(new TextDecoder().decode([...files.values()][0])),
      identify: ({ id }) => id,
      picture: ({ picture }) => picture,
      prompt: ({ id }, { ask }) => (ask === 'long' ? 'Say something long of ' + id : 'Q'),
      parse: (text) => text.length,
      score: (length) => length % 2 === 0,
      aggregate: (lengths) => ({ even: lengths.filter((length) => length % 2 === 0).length, parts: { items: lengths.length } }),
      rank: (lengths) => lengths.map((length) => -(length % 2)),
      expected: () => 'an even number of characters',
    },
  },
};`;

const evaluate = (...options: string[]) =>
  eim(['eval', run, '--benchmark', '@acme/parity/parity', '--data', data, ...options], {
    folder,
    environment: { EIM_CACHE: cache },
  });
const answerLines = () =>
  readdirSync(join(cache, 'responses')).flatMap((name) =>
    readFileSync(join(cache, 'responses', name), 'utf8')
      .trim()
      .split('\n'),
  );

beforeAll(async () => {
  const packageFolder = join(folder, 'node_modules/@acme/parity');
  mkdirSync(packageFolder, { recursive: true });
  writeFileSync(
    join(packageFolder, 'package.json'),
    JSON.stringify({ name: '@acme/parity', version: '1.0.0', type: 'module', exports: './index.js' }),
  );
  writeFileSync(join(packageFolder, 'index.js'), PACKAGE);
  mkdirSync(join(data, 'pictures'), { recursive: true });
  copyFileSync(PICTURE, join(data, 'pictures/red.png'));
  const items = [1, 2, 3, 4, 5].map((id) => ({ id: `q${id}`, ...(id !== 4 && { picture: 'pictures/red' }) }));
  writeFileSync(join(data, 'items.json'), JSON.stringify(items));
  const config = writeTinyConfig(folder, { plan: '{ preset: plain, steps: 2, batchSize: 4 }' });
  expect(await eim(['train', config, '--out', run])).toMatchObject({ code: 0 });
}, 120_000);

test("a third party's benchmark is run, goes on from its answers, and its shards merge into the whole", async () => {
  const whole = await evaluate('--json');
  expect(whole.code).toBe(0);
  const document = JSON.parse(whole.out);
  expect(document).toMatchObject({ parts: { items: 5 }, benchmark: '@acme/parity/parity', items: 5 });
  expect(readdirSync(document.folder).sort()).toEqual([
    'answers.json',
    'manifest.json',
    'report.html',
    'report.md',
    'scores.json',
  ]);
  const manifest = JSON.parse(readFileSync(join(document.folder, 'manifest.json'), 'utf8'));
  expect(manifest).toMatchObject({
    options: { ask: 'short' },
    firstPrompt: 'Q',
    decoding: { beams: 1, temperature: 0, seed: 0 },
    data: { items: 5, textAlone: 1, files: { 'items.json': expect.stringMatching(/^[0-9a-f]{64}$/) } },
  });
  const report = readFileSync(document.report, 'utf8');
  expect(report).toContain('<h2>Worst</h2>');
  expect(report).toContain('data:image/png;base64,');

  const before = answerLines().length;
  const again = await evaluate('--json');
  expect(JSON.parse(again.out)).toEqual(document);
  expect(answerLines()).toHaveLength(before);

  const shards = ['1/2', '2/2'].map((shard, index) => ({ shard, out: join(folder, `part-${index}`) }));
  for (const { shard, out } of shards) {
    expect(await evaluate('--shard', shard, '--out', out, '--json')).toMatchObject({ code: 0 });
  }
  const merge = (...folders: string[]) =>
    eim(['merge', ...folders, '--out', join(folder, 'merged'), '--json'], { folder });
  const [first, second] = shards.map(({ out }) => out);
  const merged = await merge(first!, second!);
  expect(merged.code).toBe(0);
  const { even, parts } = document;
  expect(JSON.parse(merged.out)).toMatchObject({ even, parts, items: 5 });
  const read = (path: string) => JSON.parse(readFileSync(join(path, 'answers.json'), 'utf8'));
  expect(read(join(folder, 'merged'))).toEqual(read(document.folder));
  const byWorkers = await evaluate('--workers', '2', '--out', join(folder, 'by-workers'), '--json');
  expect(byWorkers).toMatchObject({ code: 0, err: expect.stringContaining('2 workers') });
  expect(JSON.parse(byWorkers.out)).toMatchObject({ even, parts, items: 5 });
  expect(read(join(folder, 'by-workers'))).toEqual(read(document.folder));
  // Workers choose tokens as one process does, whatever the options say.
  const decoding = ['--repetition-penalty', '1.7', '--beams', '2', '--length-penalty', '0.5'];
  const alone = await evaluate(...decoding, '--out', join(folder, 'alone'), '--json');
  expect(alone.code).toBe(0);
  // A cache of its own: else the workers would find the answers of the process before.
  const together = await eim(
    ['eval', run, '--benchmark', '@acme/parity/parity', '--data', data, ...decoding, '--workers', '2'].concat(
      ['--out', join(folder, 'together'), '--json'],
    ),
    { folder, environment: { EIM_CACHE: join(folder, 'other-cache') } },
  );
  expect(together).toMatchObject({ code: 0 });
  expect(read(join(folder, 'together'))).toEqual(read(join(folder, 'alone')));
  const { decoding: used } = JSON.parse(readFileSync(join(folder, 'together/manifest.json'), 'utf8'));
  expect(used).toMatchObject({ repetitionPenalty: 1.7, beams: 2, lengthPenalty: 0.5 });
  expect(await merge(first!)).toMatchObject({ code: 2, err: expect.stringContaining('have no answer') });
  expect(await merge(first!, first!)).toMatchObject({
    code: 2,
    err: expect.stringContaining('another shard'),
  });
}, 120_000);

test('mistakes are named before any work', async () => {
  const cases: [string[], RegExp][] = [
    [['--shard', '3/2'], /--shard is "3\/2"/],
    [['--shard', '1/2', '--workers', '2'], /exclude each other/],
    [['--workers', '2', '--engine', 'abacus'], /no engine "abacus"/],
    [['ask=loud'], /ask is "loud"\. It is one of short, long/],
    [['aks=long'], /no option "aks".*Did you mean ask=/],
    [['--data', join(folder, 'nowhere')], /nowhere does not exist/],
  ];
  for (const [options, message] of cases) {
    const { code, out, err } = await evaluate(...options);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  }
  const unknown = await eim(['eval', run, '--benchmark', '@acme/none', '--data', data], { folder });
  expect(unknown).toMatchObject({ code: 2, err: expect.stringContaining('not installed') });
}, 120_000);

test('MME is asked of a run, beside the lines of systems that do not look', async () => {
  const mme = join(folder, 'mme');
  for (const task of MME_TASKS) {
    mkdirSync(join(mme, task), { recursive: true });
    writeFileSync(join(mme, task, '0001.txt'), 'Is it red?\tYes\nIs it blue?\tNo\n');
    copyFileSync(PICTURE, join(mme, task, '0001.png'));
  }
  const { code, out } = await eim(
    ['eval', run, '--benchmark', 'mme', '--data', mme, '--max-new-tokens', '2', '--json'],
    { folder, environment: { EIM_CACHE: cache } },
  );
  expect(code).toBe(0);
  const document = JSON.parse(out);
  expect(Object.keys(document.tasks)).toEqual([...MME_TASKS]);
  expect(document).toMatchObject({ items: 28, baselines: { 'coin flip': { perception: 750 } } });
}, 120_000);

test('captions get METEOR and CLIPScore where what these need is given, and the reason where not', async () => {
  const coco = join(folder, 'coco');
  mkdirSync(coco);
  for (const id of [1, 2]) copyFileSync(PICTURE, join(coco, `${id}.png`));
  const lists = join(folder, 'meteor');
  mkdirSync(lists);
  writeFileSync(join(lists, 'english.words'), 'a\nthe\n');
  writeFileSync(join(lists, 'english.synsets'), 'red\n00000001\n');
  writeFileSync(join(lists, 'english.exceptions'), 'foot\nfeet\n');
  const annotation = (id: number, image: number, caption: string) => ({ id, image_id: image, caption });
  writeFileSync(
    join(coco, 'captions.json'),
    JSON.stringify({
      images: [1, 2].map((id) => ({ id, file_name: `${id}.png` })),
      annotations: [annotation(1, 1, 'a red square'), annotation(2, 2, 'red'), annotation(3, 2, 'a square')],
    }),
  );
  const ask = (...options: string[]) =>
    eim(['eval', run, '--benchmark', 'coco-caption', '--data', coco, '--max-new-tokens', '4', ...options], {
      folder,
      environment: { EIM_CACHE: cache, EIM_METEOR: '', EIM_SPICE: '', EIM_CLIP: '' },
    });
  const plain = JSON.parse((await ask('--json')).out);
  expect(Object.keys(plain.absent)).toEqual(['METEOR', 'SPICE', 'CLIPScore', 'RefCLIPScore']);
  const clip = join(REPOSITORY, 'apps/cli/test/__fixtures__/clip-score/clip');
  const { code, out } = await ask('--meteor', lists, '--clip', clip, '--json');
  expect(code).toBe(0);
  const scored = JSON.parse(out);
  expect(Object.keys(scored.absent)).toEqual(['SPICE']);
  expect(scored.METEOR).toBeGreaterThanOrEqual(0);
  expect(scored.CLIPScore).toBeGreaterThanOrEqual(0);
  expect(scored.notes).toContain('without paraphrases');
  expect(scored.CIDEr).toBe(plain.CIDEr);
  // METEOR of the answers that were written is that of `eim score`.
  const answers: { id: string; text: string }[] = JSON.parse(
    readFileSync(join(scored.folder, 'answers.json'), 'utf8'),
  );
  const results = join(folder, 'results.json');
  writeFileSync(
    results,
    JSON.stringify(answers.map(({ id, text }) => ({ image_id: id, caption: text.trim() }))),
  );
  const files = ['--candidates', results, '--references', join(coco, 'captions.json'), '--pictures', coco];
  const again = await eim(['score', 'coco-caption', ...files, '--meteor', lists, '--clip', clip, '--json']);
  expect(JSON.parse(again.out)).toMatchObject({
    METEOR: scored.METEOR,
    CIDEr: scored.CIDEr,
    CLIPScore: expect.closeTo(scored.CLIPScore, 5),
  });
}, 120_000);
