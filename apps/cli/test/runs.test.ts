import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type RunSummary, startRun } from '@eim/runs';
import { beforeAll, expect, test } from 'vitest';
import { BUILT_IN_PACKAGES } from '../src/built-ins.js';
import { REPOSITORY, scratchFolder } from './run-eim.js';
import { runInProcess } from './run-in-process.js';
import { TINY_SCENES, writeTinyConfig } from './tiny-config.js';

const folder = scratchFolder();
const runs = join(folder, 'runs');
const run = (name: string) => join(runs, name);
const json = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'));

async function eim(...words: string[]) {
  return await runInProcess(words, folder);
}
async function train(name: string, ...words: string[]) {
  return await eim('train', writeTinyConfig(folder, { name }), '--out', run(name), ...words);
}
/** The runs of a list, by the names of their folders. */
async function listed(...words: string[]) {
  const { code, out, err } = await eim('runs', ...words, '--json');
  expect([code, err]).toEqual([0, '']);
  const list: RunSummary[] = JSON.parse(out).runs;
  const byName = list.map((one) => [one.folder.slice(runs.length + 1), one] as const);
  return Object.fromEntries(byName) as Record<
    'first' | 'second' | 'third' | 'other' | 'halves' | 'fails' | 'damaged',
    RunSummary
  >;
}

const STOPPING =
  'plan={segments: [{name: warm-up, learn: {st: {select: full, learningRate: 1e-3}}, objective: caption, data: train, until: {steps: 4, earlyStopping: {metric: loss, direction: min, every: 2, patience: 3}}, batchSize: 4}, {name: joint, learn: {llm: {select: full, learningRate: 1e-3}}, objective: caption, data: train, until: {steps: 3}, batchSize: 4, gate: {metric: loss, direction: min, tolerance: 100}}]}';

beforeAll(async () => {
  expect((await train('first', STOPPING)).code).toBe(0);
  expect((await eim('eval', run('first'))).code).toBe(0);
  const second = await train(
    'second',
    'model.encoder.weights=runs/first',
    'model.llm.weights=runs/first/model',
    'model.tokenizer={use: llm}',
    'training.seed=6',
  );
  expect(second.code).toBe(0);
  expect((await train('third', 'model.st.weights=runs/second', 'training.seed=7')).code).toBe(0);
});

test('a run records its config, data, program and parents', () => {
  const env = json(run('third'), 'env.json');
  // Sources without their repository have none.
  const commit = existsSync(join(REPOSITORY, '.git')) ? /^[0-9a-f]{40,64}$/ : /^undefined$/;
  expect(String(env.commit)).toMatch(commit);
  expect(env).toMatchObject({
    eim: expect.stringMatching(/^\d/),
    configHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    data: { train: { rows: 24 }, val: { rows: 8 }, test: { rows: 6 } },
    parents: [{ part: 'st', run: run('second'), file: join(run('second'), 'model/model.safetensors') }],
    sessions: [{ process: { id: process.pid, host: hostname() }, ended: { how: 'finished' } }],
  });
  expect(env.parents[0].sha256).toBe(json(run('second'), 'result.json').modelHash);
  expect(env.data).toEqual(json(run('first'), 'env.json').data);
  expect(env.configHash).not.toBe(json(run('second'), 'env.json').configHash);
});

test('runs are listed with their states, numbers and lineage', async () => {
  const found = await listed();
  expect(Object.keys(found)).toEqual(['third', 'second', 'first']);
  const { first, third } = found;
  expect(first).toMatchObject({
    name: 'first',
    state: { kind: 'finished' },
    segments: ['warm-up', 'joint'],
    engine: 'wasm',
    steps: 7,
    parameters: json(run('first'), 'result.json').ledger.total,
    configChanged: false,
    parents: [],
    problems: [],
  });
  expect(first.minutes).toBeGreaterThan(0);
  const { segments } = json(run('first'), 'result.json');
  expect(first.validation).toMatchObject([
    { segment: 'warm-up', metric: 'val/loss', step: 4 },
    { segment: 'joint', metric: 'val/loss', value: segments[1].gate.after, step: 7 },
  ]);
  const { scores } = json(run('first'), 'evaluation-test.json');
  expect(first.scores).toEqual([{ of: 'test', scores }]);
  expect(third.parents).toMatchObject([
    {
      part: 'st',
      run: run('second'),
      state: 'same',
      parents: [
        { part: 'encoder', run: run('first'), state: 'same', parents: [] },
        { part: 'llm', run: run('first'), state: 'same', parents: [] },
      ],
    },
  ]);
  const { out } = await eim('runs', '--sort', 'steps');
  expect(out).toMatch(/^runs\/first .*finished.*warm-up → joint.*wasm.*test: CIDEr \d/m);
  expect(out).toMatch(
    /^runs\/third comes from\n {2}st of runs\/second \([0-9a-f]{12}\)\n {4}encoder of runs\/first/m,
  );
});

test('lists are sorted, the greatest first and what has no number last', async () => {
  expect(Object.keys(await listed('--sort', 'steps'))[0]).toBe('first');
  expect(Object.keys(await listed('--sort', 'folder'))).toEqual(['first', 'second', 'third']);
  expect(Object.keys(await listed('--sort', 'CIDEr'))[0]).toBe('first');
  const refused = await eim('runs', '--sort', 'beauty');
  expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('CIDEr')]);
  expect((await eim('runs', 'nowhere')).err).toContain('nowhere does not exist');
  mkdirSync(join(folder, 'empty'));
  expect((await eim('runs', 'empty')).out).toContain('No runs');
  expect(Object.keys(await listed('runs/first'))).toEqual(['first']);
});

test('runs side by side show what differs', async () => {
  const { code, out } = await eim('runs', 'runs/first', 'runs/second', 'runs/third', '--json');
  expect(code).toBe(0);
  const contrast = JSON.parse(out);
  const fields = Object.fromEntries(
    contrast.config.map((one: { path: string; values: unknown[] }) => [one.path, one.values]),
  );
  expect(fields).toMatchObject({
    name: ['first', 'second', 'third'],
    'training.seed': [5, 6, 7],
    'model.tokenizer.use': ['byte-bpe', 'llm', 'byte-bpe'],
    'model.st.weights': [null, null, run('second')],
    'plan.segments': [['warm-up', 'joint'], ['joint'], ['joint']],
    'plan.segments.joint.until.steps': [3, 6, 6],
  });
  expect(Object.keys(fields)).not.toContain('data.seed');
  expect(Object.keys(fields).filter((path) => path.startsWith('plan.segments.warm-up'))).toEqual([]);
  const { data, code: code2, scores } = contrast;
  expect(data.map((one: { same: boolean }) => one.same)).toEqual([true, true, true]);
  expect(code2).toContainEqual({ name: 'engine', values: ['wasm', 'wasm', 'wasm'], same: true });
  expect(scores).toContainEqual({
    name: 'test CIDEr',
    values: [expect.any(Number), null, null],
    same: false,
  });
  const text = (await eim('runs', 'runs/first', 'runs/second')).out;
  expect(text).toMatch(/^training\.seed +5 +6$/m);
  expect(text).toMatch(/^test CIDEr \* +\d\.\d+ +-$/m);
  expect((await eim('runs', 'runs/first', 'runs/first')).err).toContain('two different runs');
});

test('a run over other data, or with changes to its config, is told', async () => {
  const config = writeTinyConfig(folder, { name: 'other', data: TINY_SCENES.replace('seed: 3', 'seed: 4') });
  expect((await eim('train', config, '--out', run('other'))).code).toBe(0);
  const { out } = await eim('runs', 'runs/first', 'runs/other', '--json');
  expect(JSON.parse(out).data[0]).toMatchObject({ name: 'train', same: false });
  appendFileSync(join(run('other'), 'config.yaml'), '# a comment\n');
  expect((await listed()).other.configChanged).toBe(false);
  const file = join(run('other'), 'config.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('seed: 4', 'seed: 5'));
  expect((await listed()).other.configChanged).toBe(true);
  expect((await eim('runs')).out).toContain('its config.yaml was changed after it began');
});

test('an interrupted, a failed, a killed and a running run are told apart', async () => {
  const stop = new AbortController();
  const config = writeTinyConfig(folder, { name: 'halves' });
  const context = { packages: BUILT_IN_PACKAGES, environment: { EIM_ENGINE: 'wasm' }, workingFolder: folder };
  const halted = startRun(config, {
    ...context,
    out: run('halves'),
    signal: stop.signal,
    onProgress: ({ detail }) => detail?.startsWith('step 3/') && stop.abort(),
  });
  await expect(halted).rejects.toMatchObject({ code: 'interrupted' });
  const failed = await train('fails', 'model.encoder.weights=runs/first', 'model.encoder.options.width=24');
  expect(failed.code).toBe(2);
  const before = await listed();
  expect(before.halves.state).toEqual({ kind: 'interrupted', segment: 'joint', step: 3, steps: 6 });
  expect(before.halves.steps).toBe(3);
  expect(before.fails.state).toMatchObject({
    kind: 'failed',
    message: expect.stringContaining('does not fit'),
  });
  const text = (await eim('runs')).out;
  expect(text).toContain('interrupted at joint 3/6');
  expect(text).toContain('runs/fails failed: ');

  const env = json(run('halves'), 'env.json');
  const session = (changes: object) => {
    const { ended: _, ...rest } = env.sessions[0];
    writeFileSync(
      join(run('halves'), 'env.json'),
      JSON.stringify({ ...env, sessions: [{ ...rest, ...changes }] }),
    );
  };
  session({});
  expect((await listed()).halves.state).toEqual({ kind: 'running', segment: 'joint', step: 3, steps: 6 });
  session({ process: { id: 2 ** 22 - 1, host: hostname() } });
  expect((await listed()).halves.state.kind).toBe('interrupted');
  session({ startedAt: '2020-01-01T00:00:00.000Z' });
  if (process.platform === 'linux') expect((await listed()).halves.state.kind).toBe('interrupted');
  session({ process: { id: process.pid, host: 'elsewhere' } });
  expect((await listed()).halves.state).toMatchObject({
    kind: 'unknown',
    message: expect.stringContaining('elsewhere'),
  });

  writeFileSync(join(run('halves'), 'env.json'), JSON.stringify(env));
  expect((await eim('train', '--resume', run('halves'))).code).toBe(0);
  const after = (await listed()).halves;
  expect(after.state).toEqual({ kind: 'finished' });
  expect(after.sessions).toMatchObject([
    { ended: { how: 'interrupted' } },
    {
      from: {
        checkpoint: expect.stringMatching(/^checkpoint-/),
        segment: 'joint',
        step: 3,
        sha256: expect.any(String),
      },
      ended: { how: 'finished' },
    },
  ]);
});

test('damaged files of one run are told and hide no other', async () => {
  mkdirSync(run('damaged'));
  for (const name of ['env.json', 'result.json', 'evaluation-test.json', 'config.yaml', 'metrics.jsonl']) {
    writeFileSync(join(run('damaged'), name), '{ "half":\nno');
  }
  const found = await listed();
  expect(found.damaged.problems.length).toBeGreaterThanOrEqual(4);
  expect(found.first.state.kind).toBe('finished');
  rmSync(run('damaged'), { recursive: true });
});

test('a parent that has changed, moved or gone is said so, and a run is not resumed on it', async () => {
  const file = join(run('first'), 'model/model.safetensors');
  cpSync(run('first'), join(folder, 'kept'), { recursive: true });
  const bytes = readFileSync(file);
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(file, bytes);
  expect((await listed()).second.parents).toMatchObject([{ state: 'changed' }, { state: 'changed' }]);
  expect((await eim('runs')).out).toContain('its file is no longer the one that was used');
  const resumed = await eim('train', '--resume', run('second'));
  expect([resumed.code, resumed.err]).toEqual([2, expect.stringContaining('has changed since')]);

  renameSync(run('first'), join(folder, 'away'));
  expect((await listed()).second.parents[0]!.state).toBe('gone');
  expect((await listed()).second.parents[0]!.foundIn).toBe(undefined);
  const { out } = await eim('runs', 'runs', 'kept');
  expect(out).toMatch(/encoder of runs\/first \([0-9a-f]{12}\): it is gone, which is in kept/);
  expect(existsSync(run('first'))).toBe(false);
});
