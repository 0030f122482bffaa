import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEngine } from '@eim/engine';
import { readPicture } from '@eim/images/node';
import { type ExportedWeb, exportWeb } from '@eim/runs';
import {
  answerPieces,
  ExportedFiles,
  openExportedModel,
  parseWebManifest,
  ShardReader,
  type WebManifest,
} from '@eim/runs/in-page';
import { beforeAll, expect, test } from 'vitest';
import { BUILT_IN_PACKAGES } from '../src/built-ins.js';
import { REPOSITORY, scratchFolder } from './run-eim.js';
import { runInProcess } from './run-in-process.js';
import { writeTinyConfig } from './tiny-config.js';

const folder = scratchFolder();
const page = join(folder, 'page');
const run = join(folder, 'run');
const MODEL = join(REPOSITORY, 'apps/server/src/__fixtures__/readme/model');
const picture = join(REPOSITORY, 'apps/cli/test/__fixtures__/red-square.png');
const signal = new AbortController().signal;

const exported = (path: string, out: string): Promise<ExportedWeb> =>
  exportWeb({ packages: BUILT_IN_PACKAGES, model: { path }, page, out: join(folder, out) });
const manifestOf = (site: string): WebManifest =>
  parseWebManifest(JSON.parse(readFileSync(join(site, 'export.json'), 'utf8')), site);

/** As a page does it, from the files of a folder. */
async function openSite(site: string) {
  await startEngine({ engine: 'wasm' });
  const manifest = manifestOf(site);
  const reader = new ShardReader(async (path) => new Uint8Array(readFileSync(join(site, path))));
  return await openExportedModel(
    manifest.contents,
    new ExportedFiles(manifest.files, reader),
    BUILT_IN_PACKAGES,
  );
}

async function answered(pieces: ReturnType<typeof answerPieces>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece.text;
  return text;
}

beforeAll(async () => {
  mkdirSync(page);
  writeFileSync(join(page, 'index.html'), '<p>page</p>');
  writeFileSync(
    join(page, 'packages.json'),
    JSON.stringify(['@eim/encoder-clip', '@eim/st-adapters', '@eim/llm-gpt2', '@eim/llm-llama']),
  );
  const trained = await runInProcess(['train', writeTinyConfig(folder), '--out', run], folder);
  expect(trained.code).toBe(0);
});

test('an exported run captions as `eim caption` does', async () => {
  const { out, bytes } = await exported(run, 'run-site');
  expect(readdirSync(out).sort()).toEqual([
    '_headers',
    'export.json',
    'index.html',
    'model',
    'packages.json',
  ]);
  const manifest = manifestOf(out);
  expect(manifest).toMatchObject({ name: 'run', contents: { captions: { beams: 1, maxNewTokens: 12 } } });
  expect(bytes).toBe(Object.values(manifest.files).reduce((sum, { size }) => sum + size, 0));
  const { out: expected } = await runInProcess(['caption', run, picture], folder);
  const opened = await openSite(out);
  const row = opened.form.rowOfMessages([{ role: 'user', content: '' }]);
  const shown = await readPicture(picture, { applyOrientation: true });
  const text = await answered(answerPieces(opened, row, shown, { maxNewTokens: 12, signal }));
  opened.dispose();
  expect(text.trim()).toBe(expected.trim());
});

test('exported weights are their files, and chat as `eim chat` does', async () => {
  const { out } = await exported(MODEL, 'chat-site');
  const { files, contents } = manifestOf(out);
  expect(files['llm-weights/model.safetensors']!.size).toBe(statSync(join(MODEL, 'model.safetensors')).size);
  expect(contents).toMatchObject({ kind: 'llm', use: '@eim/llm-llama/llama' });
  const stdin = (async function* () {
    yield 'Hello';
  })();
  const said = await runInProcess(['chat', MODEL, '--max-new-tokens', '9'], folder, { stdin });
  const opened = await openSite(out);
  const row = opened.form.rowOfMessages([{ role: 'user', content: 'Hello' }]);
  const text = await answered(answerPieces(opened, row, undefined, { maxNewTokens: 9, signal }));
  opened.dispose();
  expect(text.trim()).not.toBe('');
  expect(text.trim()).toBe(said.out.trim());
});

test('published weights that a run keeps go along as they are', async () => {
  const config = writeTinyConfig(folder, {
    name: 'llama',
    plan: '{segments: [{name: st, learn: {st: {select: full, learningRate: 1e-3}}, objective: caption, data: train, until: {steps: 1}, batchSize: 4}]}',
  });
  const words = [`model.llm={use: '@eim/llm-llama', weights: '${MODEL}'}`, 'model.tokenizer={use: llm}'];
  const kept = join(folder, 'llama-run');
  const trained = await runInProcess(['train', config, '--out', kept, ...words], folder);
  expect([trained.code, trained.err]).toEqual([0, expect.anything()]);
  const { out } = await exported(kept, 'llama-site');
  expect(Object.keys(manifestOf(out).files)).toContain('llm-weights/model.safetensors');
  const { out: expected } = await runInProcess(['caption', kept, picture], folder);
  const opened = await openSite(out);
  const shown = await readPicture(picture, { applyOrientation: true });
  const row = opened.form.rowOfMessages([{ role: 'user', content: '' }]);
  const text = await answered(answerPieces(opened, row, shown, { maxNewTokens: 12, signal }));
  opened.dispose();
  expect(text.trim()).toBe(expected.trim());
});

test('a shard that is not the one exported is named', async () => {
  const { out } = await exported(MODEL, 'broken-site');
  const [{ path }] = manifestOf(out).files['llm-weights/model.safetensors']!.shards as [{ path: string }];
  const bytes = readFileSync(join(out, path));
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(join(out, path), bytes);
  await expect(openSite(out)).rejects.toMatchObject({ code: 'invalid-file', data: { file: path } });
});

test('what cannot be exported is refused, and nothing is left', async () => {
  writeFileSync(join(page, 'packages.json'), JSON.stringify(['@eim/encoder-clip']));
  const refused = await exported(run, 'refused').catch((error) => error);
  expect(refused).toMatchObject({
    code: 'plugin-not-found',
    message: expect.stringContaining('st-adapters'),
  });
  expect(readdirSync(folder).filter((name) => name.startsWith('refused'))).toEqual([]);
  await expect(exported(join(folder, 'nothing'), 'refused')).rejects.toMatchObject({ code: 'missing-file' });
  await expect(exported(run, 'run-site')).rejects.toMatchObject({ code: 'invalid-argument' });
  expect(existsSync(join(folder, 'run-site/export.json'))).toBe(true);
  for (const [words, named] of [
    [['--target', 'web'], '--out DIR'],
    [['--target', 'web', '--out', 'x', '--st-alone'], '--st-alone'],
    [['--target', 'clipcap', '--weights', 'x'], '--weights'],
  ] as const) {
    const { code, err } = await runInProcess(['export', run, ...words], folder);
    expect([code, err]).toEqual([2, expect.stringContaining(named)]);
  }
});
