import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { writePublishedClip, writePublishedGpt2 } from './published-layouts.js';
import { eim, REPOSITORY, SHARED_DATA, scratchFolder } from './run-eim.js';
import { TINY_MODEL, writeTinyConfig } from './tiny-config.js';

const folder = scratchFolder();

test('doctor names every engine, and prints nothing but its document', async () => {
  const { code, out, err } = await eim(['doctor', '--json']);
  expect([code, err]).toEqual([0, '']);
  const document = JSON.parse(out);
  expect(document).toMatchObject({
    engine: 'wasm',
    node: process.versions.node,
    data: { folder: expect.any(String) },
  });
  expect(document.threads).toBeGreaterThanOrEqual(1);
  expect(document.engines.map(({ name }: { name: string }) => name)).toEqual([
    'node-gpu',
    'node',
    'webgpu',
    'wasm',
    'cpu',
  ]);
  for (const engine of document.engines) {
    expect(Object.keys(engine).sort()).toEqual(['advice', 'name', 'ok', 'reason']);
    if (!engine.ok) expect(engine.advice).not.toBe('');
  }
});

test('--threads says how many threads compute', async () => {
  const config = writeTinyConfig(folder, { plan: '{ preset: plain, steps: 2, batchSize: 2 }' });
  for (const threads of [1, 2]) {
    const { code, err } = await eim(['plan', config, '--engine', 'wasm', '--threads', String(threads)]);
    expect([code, err]).toEqual([0, expect.any(String)]);
    expect(err).toMatch(threads === 1 ? /, 1 thread\)/ : /, 2 threads\)/);
  }
  const { code, err } = await eim(['plan', config, '--threads', '0']);
  expect(code).toBe(2);
  expect(err).toContain('--threads');
});

test('params counts parts and segments', async () => {
  const config = writeTinyConfig(folder, { plan: '{ preset: eim, steps: 20, batchSize: 4 }' });
  const { code, out, err } = await eim(['params', config, '--json']);
  expect([code, err]).toEqual([0, '']);
  const { parts, total } = JSON.parse(out);
  expect(parts.encoder.inference + parts.st.inference + parts.llm.inference).toBe(total);
  expect(parts.st.trainable).toMatchObject({ words: 0, slots: parts.st.inference });
  expect(parts.encoder.trainOnly).toBeGreaterThan(0);
});

test('plan says what each segment costs', async () => {
  const config = writeTinyConfig(folder, { plan: '{ preset: eim, steps: 20, batchSize: 4 }' });
  const { code, out } = await eim(['plan', config, '--json']);
  expect(code).toBe(0);
  const { segments, total, seconds, time, memoryBytes } = JSON.parse(out);
  expect(segments.map(({ name }: { name: string }) => name)).toContain('bridge');
  expect(segments.reduce((sum: number, segment: { total: number }) => sum + segment.total, 0)).toBe(total);
  const { segments: timed, startUp, steps, gates, evaluations, encoding, checkpoints } = time;
  expect(timed.map(({ name }: { name: string }) => name)).toEqual(
    segments.map(({ name }: { name: string }) => name),
  );
  for (const { stepSeconds, timedSteps } of timed) {
    expect(stepSeconds).toBeGreaterThan(0);
    expect(timedSteps).toBeGreaterThan(0);
  }
  expect(gates).toBeGreaterThan(0);
  expect(evaluations).toBe(0);
  expect(startUp + steps + gates + encoding + checkpoints).toBeCloseTo(seconds, 6);
  expect(memoryBytes).toBeGreaterThan(segments.at(-1).memory.peak);
});

/** Small models in the layout of the published ones, under their names. */
const EIM_WEIGHTS = join(folder, 'weights');
beforeAll(async () => {
  const clips = ['clip-vit-base-patch32', 'clip-vit-base-patch16', 'clip-vit-large-patch14'];
  for (const name of clips) await writePublishedClip(join(EIM_WEIGHTS, name));
  for (const name of ['gpt2', 'gpt2-medium']) await writePublishedGpt2(join(EIM_WEIGHTS, name));
});

const configs = readdirSync(join(REPOSITORY, 'configs')).filter((name) => name.endsWith('.yaml'));
test.each(configs)('configs/%s begins with the command that runs it, and has no mistake', async (name) => {
  const path = join(REPOSITORY, 'configs', name);
  const text = readFileSync(path, 'utf8');
  expect(text).toMatch(new RegExp(`^# npx eim train configs/${name}`));
  // The small CLIP above has no text tower.
  const tower = text.includes('textSide: encoder')
    ? ['plan.segments.contrast.objective.options.textSide=trained']
    : [];
  // Scenes stand in for the config's own data, which need not be here.
  const { code, err } = await eim(
    ['params', path, 'data={use: scenes, train: 40, val: 4, test: 4}', ...tower, '--json'],
    { environment: { EIM_WEIGHTS } },
  );
  // models that it pulls are fetched by whoever wants them, not by a test
  const [pulled] = text.match(/efficientnet-lite\d/) ?? [];
  if (pulled && code !== 0) {
    expect([code, err]).toEqual([2, expect.stringContaining(`Run \`eim pull ${pulled}\`.`)]);
  } else expect([code, err]).toEqual([0, '']);
});

test('a mistyped command exits 2 and suggests', async () => {
  const { code, out, err } = await eim(['trian']);
  expect([code, out]).toEqual([2, '']);
  expect(err).toBe('eim: Unknown command "trian". Did you mean `eim train`?\n');
});

const coco = join(SHARED_DATA, 'captions/coco-mini-239');
test.skipIf(!existsSync(coco))(`data check reads COCO's layout (needs ${coco})`, async () => {
  const { code, out } = await eim(['data', 'check', coco, '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    problems: [],
    splits: { train: { pictures: 80 }, val: { pictures: 159 } },
  });
});

interface Coco {
  images: { id: number; file_name: string; split: string }[];
  annotations: { image_id: number; caption: string }[];
}

test.skipIf(!existsSync(coco))(
  `clipcap-coco trains on a Karpathy json and an image folder, and on COCO's own json (needs ${coco})`,
  async () => {
    const { images, annotations } = JSON.parse(readFileSync(join(coco, 'captions.json'), 'utf8')) as Coco;
    const karpathy = {
      dataset: 'coco',
      images: images.map(({ id, file_name, split }, imgid) => ({
        imgid,
        cocoid: id,
        filepath: 'images',
        filename: file_name,
        split: split === 'val' ? (imgid % 2 ? 'test' : 'val') : imgid % 5 ? 'train' : 'restval',
        sentences: annotations
          .filter(({ image_id }) => image_id === id)
          .map(({ caption }) => ({ raw: caption })),
      })),
    };
    mkdirSync(join(folder, 'coco'));
    const file = join(folder, 'coco/dataset_coco.json');
    writeFileSync(file, JSON.stringify(karpathy));
    const config = join(REPOSITORY, 'configs/clipcap-coco.yaml');
    // The small weights have sizes of their own, in place of the presets'.
    const small = ['model.encoder.preset=null', 'model.llm.preset=null'];
    const short = [
      ...small,
      'plan.steps=3',
      'plan.batchSize=8',
      'evaluation.beams=2',
      'evaluation.maxNewTokens=6',
    ];
    const run = join(folder, 'clipcap');
    const environment = { EIM_WEIGHTS };
    const data = [`data.path=${file}`, `data.images=${coco}`, 'data.limit=12'];
    const trained = await eim(['train', config, ...data, ...short, '--out', run], { environment });
    expect(trained).toMatchObject({ code: 0, out: `${run}\n` });
    expect(trained.err).toContain('rows of restval count as train');
    const evaluated = await eim(['eval', run, '--json']);
    expect(evaluated.code).toBe(0);
    expect(JSON.parse(evaluated.out)).toMatchObject({ split: 'test', images: 12, decoding: { beams: 2 } });

    const own = [`data.path=${coco}`, `data.images=${join(coco, 'images')}`, 'data.limit=12'];
    const again = await eim(['train', config, ...own, ...short, '--out', `${run}-coco`], { environment });
    expect(again.code).toBe(0);
  },
  120_000,
);

test('a third party package is used by name from beside the config', async () => {
  const home = join(folder, 'third-party');
  const name = '@acme/echo';
  mkdirSync(join(home, 'node_modules', name), { recursive: true });
  const built = join(REPOSITORY, 'packages/llm-gpt2/dist/index.js');
  writeFileSync(
    join(home, 'node_modules', name, 'package.json'),
    JSON.stringify({ name, type: 'module', exports: './index.js' }),
  );
  writeFileSync(
    join(home, 'node_modules', name, 'index.js'),
    `export { default } from ${JSON.stringify(built)};\n`,
  );
  const config = join(home, 'third.yaml');
  const plan =
    'data: { use: scenes, train: 10, val: 4, test: 4 }\nplan: { preset: plain, steps: 2, batchSize: 2 }\n';
  writeFileSync(config, TINY_MODEL.replace('@eim/llm-gpt2', name) + plan);
  const run = join(home, 'run');
  expect(await eim(['train', config, '--out', run])).toMatchObject({ code: 0, out: `${run}\n` });
  expect(readFileSync(join(run, 'config.yaml'), 'utf8')).toContain(name);
});
