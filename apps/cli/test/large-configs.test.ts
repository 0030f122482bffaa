import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { writePublishedClip, writePublishedGpt2, writePublishedLlama } from './published-layouts.js';
import { REPOSITORY, scratchFolder } from './run-eim.js';
import { runInProcess } from './run-in-process.js';
import { encodeBmp } from './solid-picture.js';

const folder = scratchFolder();
const environment = {
  EIM_WEIGHTS: join(folder, 'weights'),
  EIM_CACHE: join(folder, 'cache'),
  EIM_THREADS: '1',
};
const COCO = join(folder, 'coco');
const SCIENCEQA = join(folder, 'scienceqa');
const SPLITS = ['train', 'val', 'test'] as const;

/** Karpathy's split of COCO, with a few pictures of one colour each. */
function writeCoco(): void {
  mkdirSync(join(COCO, 'val2014'), { recursive: true });
  const images = Array.from({ length: 18 }, (_, index) => {
    const filename = `COCO_val2014_${String(index).padStart(12, '0')}.bmp`;
    writeFileSync(join(COCO, 'val2014', filename), encodeBmp(16, [14 * index, 40, 90]));
    const raw = `a red circle above ${index} blue squares`;
    const split = SPLITS[index % 3];
    return {
      filename,
      filepath: 'val2014',
      cocoid: index,
      split,
      sentences: [{ raw }, { raw: `${raw} again` }],
    };
  });
  writeFileSync(join(COCO, 'dataset_coco.json'), JSON.stringify({ dataset: 'coco', images }));
}

/** ScienceQA in its official layout: every other question shows a picture. */
function writeScienceQa(): void {
  const problems: Record<string, object> = {};
  const pids = Object.fromEntries(SPLITS.map((split) => [split, [] as string[]]));
  for (let index = 0; index < 24; index++) {
    const [pid, split] = [String(index + 1), SPLITS[index % 3]!];
    pids[split]!.push(pid);
    const home = join(SCIENCEQA, split, pid);
    mkdirSync(home, { recursive: true });
    if (index % 2 === 0) writeFileSync(join(home, 'image.bmp'), encodeBmp(16, [10 * index, 90, 40]));
    problems[pid] = {
      ...{ question: 'Which one is red?', choices: ['a circle', 'a square'], answer: index % 2, hint: '' },
      ...{ image: index % 2 === 0 ? 'image.bmp' : null, task: 'closed choice', grade: 'grade2', split },
      ...{
        subject: 'natural science',
        topic: 'colours',
        lecture: 'Red is a colour.',
        solution: 'It is red.',
      },
    };
  }
  writeFileSync(join(SCIENCEQA, 'problems.json'), JSON.stringify(problems));
  writeFileSync(join(SCIENCEQA, 'pid_splits.json'), JSON.stringify(pids));
}

beforeAll(async () => {
  const weights = (name: string) => join(environment.EIM_WEIGHTS, name);
  await writePublishedClip(weights('clip-vit-base-patch16'), { blockCount: 12 });
  await writePublishedClip(weights('clip-vit-large-patch14'), { blockCount: 4 });
  for (const name of ['gpt2', 'gpt2-medium']) await writePublishedGpt2(weights(name));
  await writePublishedLlama(weights('llama-7b'));
  await writePublishedLlama(weights('7B'), { blockCount: 30 });
  writeCoco();
  writeScienceQa();
});

const onCoco = [`data.path=${join(COCO, 'dataset_coco.json')}`, `data.images=${COCO}`, 'evaluation.beams=1'];
const onScienceQa = [`data.path=${SCIENCEQA}`, 'training.maxTextLength=256'];
/** The segments as they are shipped, with as many steps and rows as a test has time for. */
const short = (segments: Readonly<Record<string, number>>) =>
  Object.entries(segments).flatMap(([name, steps]) => [
    `plan.segments.${name}.until.steps=${steps}`,
    `plan.segments.${name}.batchSize=2`,
  ]);

/** Weights have sizes of their own, in the place of presets'; a small CLIP here has no text tower. */
const CASES = {
  'clipcap-small-eim': {
    steps: { language: 2, contrast: 2, 'warm-up': 2, bridge: 2, joint: 2 },
    words: [
      ...onCoco,
      'plan.segments.contrast.accumulate=2',
      'plan.segments.contrast.objective.options.textSide=trained',
    ],
  },
  'clipcap-large': { steps: { joint: 10 }, words: [...onCoco, 'plan.steps=10', 'plan.batchSize=2'] },
  'lavin-7b-eim': { steps: { adapt: 3, see: 3, joint: 4 }, words: onScienceQa },
  'llama-adapter-7b-eim': { steps: { adapt: 3, see: 3, joint: 4 }, words: onScienceQa },
} as const;

test.each(Object.entries(CASES))(
  '%s takes ten steps on small files of the published layouts',
  async (name, { steps, words }) => {
    const config = join(REPOSITORY, 'configs', `${name}.yaml`);
    const isPreset = name === 'clipcap-large';
    const all = [
      config,
      ...['model.encoder.preset=null', 'model.llm.preset=null'],
      ...(isPreset ? [] : short(steps)),
      ...words,
      'evaluation.maxNewTokens=4',
    ];
    const run = join(folder, name);
    const trained = await runInProcess(['train', ...all, '--out', run], folder, { environment });
    expect(trained.code, trained.err).toBe(0);
    const { segments } = JSON.parse(readFileSync(join(run, 'result.json'), 'utf8')) as {
      segments: readonly { name: string; steps: number; lastLoss: number }[];
    };
    expect(Object.fromEntries(segments.map((segment) => [segment.name, segment.steps]))).toEqual(steps);
    expect(segments.every(({ lastLoss }) => Number.isFinite(lastLoss))).toBe(true);
    expect(Object.values(steps).reduce((sum, count) => sum + count, 0)).toBe(10);
    const scored = await runInProcess(['eval', run, '--json'], folder, { environment });
    expect(scored.code, scored.err).toBe(0);
  },
  120_000,
);

test.each(Object.keys(CASES))('%s is planned without data, at its full size', async (name) => {
  const config = join(REPOSITORY, 'configs', `${name}.yaml`);
  const words = name === 'clipcap-large' ? ['plan.steps=100'] : [];
  const more =
    name === 'clipcap-small-eim' ? ['plan.segments.contrast.objective.options.textSide=trained'] : [];
  const { code, out, err } = await runInProcess(
    ['plan', config, ...words, ...more, '--teraflops', '50', '--json'],
    folder,
    { environment: { EIM_WEIGHTS: join(folder, 'nowhere') } },
  );
  expect(code, err).toBe(0);
  const { total, gates, elsewhere } = JSON.parse(out);
  expect(elsewhere).toEqual({ teraflops: 50, seconds: (2 * (total + gates)) / 50e12 });
  expect(total).toBeGreaterThan(1e14);
});
