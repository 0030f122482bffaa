import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSafetensorsFile } from '@eim/weights/node';
import { beforeAll, describe, expect, test } from 'vitest';
import { writePublishedClip, writePublishedGpt2 } from './published-layouts.js';
import { eim, REPOSITORY, scratchFolder } from './run-eim.js';
import { encodeBmp } from './solid-picture.js';

const folder = scratchFolder();
const CONFIG = join(REPOSITORY, 'configs/clipcap-coco.yaml');
const EIM_WEIGHTS = join(folder, 'weights');
const CLIP = join(EIM_WEIGHTS, 'clip-vit-base-patch32');
const GPT2 = join(EIM_WEIGHTS, 'gpt2');
const DATA = join(folder, 'data');
const PICTURE = join(DATA, 'images/0.bmp');

beforeAll(async () => {
  await writePublishedClip(CLIP);
  await writePublishedGpt2(GPT2);
  mkdirSync(join(DATA, 'images'), { recursive: true });
  const lines = Array.from({ length: 16 }, (_, index) => {
    writeFileSync(join(DATA, 'images', `${index}.bmp`), encodeBmp(16, [16 * index, 40, 90]));
    const split = index < 12 ? 'train' : 'test';
    return `${JSON.stringify({ image: `${index}.bmp`, caption: `a red circle above ${index} squares`, split })}\n`;
  });
  writeFileSync(join(DATA, 'captions.jsonl'), lines.join(''));
});

/** The config as it is shipped, on a few pictures; the first steps of its warm-up, with a rate that moves something. */
const words = (run: string, ...more: readonly string[]) => [
  'train',
  CONFIG,
  `data={use: captions, path: ${DATA}, validationShare: 0}`,
  // The small weights have sizes of their own, in place of the presets'.
  'model.encoder.preset=null',
  'model.llm.preset=null',
  'plan.steps=6',
  'plan.learningRate=1',
  'plan.batchSize=4',
  'evaluation.beams=2',
  'evaluation.maxNewTokens=6',
  ...more,
  '--out',
  run,
];
const train = async (run: string, ...more: readonly string[]) => {
  const { code, err } = await eim(words(run, ...more), { environment: { EIM_WEIGHTS } });
  expect(code, err).toBe(0);
};

/** Names and bytes of the tensors that a run's model holds beside what it keeps. */
async function saved(run: string): Promise<{ readonly names: readonly string[]; readonly bytes: number }> {
  const file = await openSafetensorsFile(join(run, 'model/model.safetensors'));
  try {
    const sizes = file.tensorNames.map(
      (name) => 4 * file.info(name).shape.reduce((size, side) => size * side, 1),
    );
    return { names: file.tensorNames, bytes: sizes.reduce((sum, size) => sum + size, 0) };
  } finally {
    await file.close();
  }
}
const partsOf = (names: readonly string[]) => [...new Set(names.map((name) => name.split('.')[0]!))].sort();

/** Scores and captions in processes of their own, which know the run's folder alone. */
async function use(run: string): Promise<string> {
  const evaluated = await eim(['eval', run, '--json']);
  expect(evaluated.code, evaluated.err).toBe(0);
  expect(JSON.parse(evaluated.out)).toMatchObject({ split: 'test', images: 4, decoding: { beams: 2 } });
  const captioned = await eim(['caption', run, PICTURE, '--json']);
  expect(captioned.code, captioned.err).toBe(0);
  const [{ caption }] = JSON.parse(captioned.out);
  return caption as string;
}

/** Changes one bit of a file and gives what puts it back. */
function damage(file: string): () => void {
  const whole = readFileSync(file);
  const changed = Buffer.from(whole);
  changed[changed.length - 5]! ^= 1;
  writeFileSync(file, changed);
  return () => writeFileSync(file, whole);
}

async function refusesChanged(run: string, file: string): Promise<void> {
  const restore = damage(file);
  try {
    for (const command of [
      ['eval', run],
      ['caption', run, PICTURE],
    ]) {
      const { code, out, err } = await eim([...command, '--json']);
      expect([code, out]).toEqual([2, '']);
      expect(JSON.parse(err.trim().split('\n').at(-1)!).error).toMatchObject({
        code: 'invalid-file',
        data: { file },
      });
      expect(err).toContain('its hash differs');
    }
  } finally {
    restore();
  }
}

describe('clipcap-coco, from small models in the published layouts', () => {
  test('keeps copies of frozen weights, is used from its folder alone, and refuses changed files', async () => {
    const run = join(folder, 'copy');
    await train(run);
    expect(partsOf((await saved(run)).names)).toEqual(['llm', 'st']);
    const model = readdirSync(join(run, 'model'));
    expect(model.sort()).toEqual([
      'encoder-weights',
      'llm-weights',
      'model.json',
      'model.safetensors',
      'tokenizer.json',
    ]);
    const kept = join(run, 'model/encoder-weights/model.safetensors');
    expect(readFileSync(kept).equals(readFileSync(join(CLIP, 'model.safetensors')))).toBe(true);
    await use(run);
    await refusesChanged(run, kept);
  }, 120_000);

  test('refers to frozen weights where the config says so', async () => {
    const run = join(folder, 'reference');
    await train(run, 'training.frozenWeights=reference', 'plan.select={llm: frozen}');
    expect(partsOf((await saved(run)).names)).toEqual(['st']);
    const model = readdirSync(join(run, 'model'));
    expect(model.sort()).toEqual(['model.json', 'model.safetensors', 'tokenizer.json']);
    const caption = await use(run);
    const published = join(GPT2, 'model.safetensors');
    await refusesChanged(run, published);
    await refusesChanged(run, join(CLIP, 'model.safetensors'));
    expect(await use(run)).toBe(caption);
  }, 120_000);

  test('checkpoints hold what learns, once more where it began, and two moments of it; nothing of what is frozen', async () => {
    const run = join(folder, 'mapper');
    await train(run, 'plan.select={llm: frozen}', 'training.checkpointEvery=4');
    const { bytes } = await saved(run);
    const mapperSize = 16 * 80 + 80 + 80 * 160 + 160; // from 16 by 80 to 10 slots of 16
    expect(bytes).toBe(4 * mapperSize);
    const frozen = statSync(join(GPT2, 'model.safetensors')).size;
    // The first, of step 4 inside the segment; the last, behind it.
    const [inside, behind] = readdirSync(join(run, 'checkpoints')).sort();
    const sizes = (name: string) => {
      const home = join(run, 'checkpoints', name);
      const files = readdirSync(home).filter((file) => file.endsWith('.safetensors'));
      return Object.fromEntries(files.map((file) => [file, statSync(join(home, file)).size]));
    };
    const wanted = {
      'model.safetensors': 1,
      'start.safetensors': 1,
      'optimizer.safetensors': 2,
      'objective.safetensors': 0,
    };
    const found = sizes(inside!);
    expect(Object.keys(found).sort()).toEqual(Object.keys(wanted).sort());
    for (const [file, times] of Object.entries(wanted)) {
      const header = found[file]! - times * bytes;
      expect(header, file).toBeGreaterThanOrEqual(0);
      expect(header, file).toBeLessThan(1024);
    }
    expect(Object.keys(sizes(behind!))).toEqual(['model.safetensors']);
    // The bound has something to tell apart.
    expect(frozen).toBeGreaterThan(8 * 1024);
  }, 120_000);

  test('a killed run resumes, and ends with the same bytes', async () => {
    const plan = ['plan.steps=60', 'training.checkpointEvery=2'];
    const whole = join(folder, 'whole');
    await train(whole, ...plan);
    const killed = join(folder, 'killed');
    let done = false;
    const ended = await eim(words(killed, ...plan), {
      environment: { EIM_WEIGHTS, EIM_PROGRESS_SECONDS: '0.02' },
      onStderr: (child) => {
        const checkpoints = join(killed, 'checkpoints');
        if (done || !existsSync(checkpoints) || readdirSync(checkpoints).length === 0) return;
        done = child.kill('SIGKILL');
      },
    });
    expect(ended.signal).toBe('SIGKILL');
    expect(await eim(['train', '--resume', killed])).toMatchObject({ code: 0, out: `${killed}\n` });
    const weights = (run: string) => readFileSync(join(run, 'model/model.safetensors'));
    expect(weights(killed).equals(weights(whole))).toBe(true);
    expect(await use(killed)).toBe(await use(whole));
  }, 120_000);
});
