import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openServedModels } from '@eim/runs/serving';
import { createApp } from '@eim/server';
import { describe, expect, test } from 'vitest';
import { BUILT_IN_PACKAGES } from '../src/built-ins.js';
import type { Terminal } from '../src/command/terminal.js';
import { apiKeysOf } from '../src/serve/api-keys.js';
import { servedModelChoice } from '../src/serve/served-model-choice.js';
import { eim, REPOSITORY, scratchFolder } from './run-eim.js';
import { runInProcess } from './run-in-process.js';
import { writeTinyConfig } from './tiny-config.js';

const folder = scratchFolder();
const MODEL = join(REPOSITORY, 'apps/server/src/__fixtures__/readme/model');

test('serves a model until it is told to end, finishes what streams, and ends with 0', async () => {
  let asked: Promise<string> | undefined;
  const body = JSON.stringify({
    model: 'small',
    stream: true,
    temperature: 0,
    max_tokens: 30,
    messages: [{ role: 'user', content: 'Hello' }],
  });
  const environment = { EIM_API_KEYS: 'secret' };
  const words = ['serve', `small=${MODEL}`, '--port', '18471', '--rows', '4'];
  const { code, out } = await eim(words, {
    environment,
    onStderr: (child, text) => {
      if (!text.includes('Engine:') || asked) return;
      asked = (async () => {
        const headers = { 'content-type': 'application/json', authorization: 'Bearer secret' };
        for (;;) {
          const response = await fetch('http://127.0.0.1:18471/v1/chat/completions', {
            method: 'POST',
            headers,
            body,
          }).catch(() => undefined);
          if (response === undefined) await new Promise((resolve) => setTimeout(resolve, 50));
          else {
            child.kill('SIGTERM');
            return await response.text();
          }
        }
      })();
    },
  });
  expect(code).toBe(0);
  expect(out).toBe('Serving small on http://127.0.0.1:18471\n');
  expect(await asked).toMatch(/data: \[DONE\]\n\n$/);
}, 120_000);

test('a question about a picture is answered as `eim chat` answers it', async () => {
  const run = join(folder, 'run');
  const picture = join(REPOSITORY, 'apps/cli/test/__fixtures__/red-square.png');
  await runInProcess(['train', writeTinyConfig(folder), '--out', run], folder);
  const stdin = (async function* () {
    yield 'what is it?\nand now?\n';
  })();
  const words = ['chat', run, picture, '--max-new-tokens', '9', '--json'];
  const { out } = await runInProcess(words, folder, { stdin });
  const [first, second] = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ type }) => type === 'answer');
  const models = await openServedModels({
    packages: BUILT_IN_PACKAGES,
    models: [{ model: { path: run } }],
    engine: 'wasm',
  });
  const { app } = createApp({ models });
  const url = `data:image/png;base64,${readFileSync(picture).toString('base64')}`;
  const messages: object[] = [];
  for (const [text, answer] of [
    ['what is it?', first],
    ['and now?', second],
  ] as const) {
    const parts = [
      { type: 'image_url', image_url: { url } },
      { type: 'text', text },
    ];
    messages.push({ role: 'user', content: messages.length === 0 ? parts : text });
    const response = await app.request('/v1/chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'run', temperature: 0, max_tokens: 9, messages }),
    });
    const { choices, usage } = (await response.json()) as {
      choices: { message: { content: string } }[];
      usage: { completion_tokens: number };
    };
    expect([choices[0]!.message.content, usage.completion_tokens]).toEqual([
      answer.text,
      answer.stats.newTokens,
    ]);
    messages.push({ role: 'assistant', content: choices[0]!.message.content });
  }
  for (const model of models) await model.close();
});

describe('what cannot be served is refused by name', () => {
  test.each<[fault: string, words: readonly string[], message: RegExp]>([
    ['no model', [], /MODEL/],
    ['a model that is not there', ['nowhere'], /nowhere does not exist/],
    ['two of one name', [`a=${MODEL}`, `a=${MODEL}`], /Two models are called a.*NAME=MODEL/],
    ['a port beyond all', [MODEL, '--port', '70000'], /--port is 70000/],
    [
      'one tokenizer for two models',
      [MODEL, `b=${MODEL}`, '--tokenizer', MODEL],
      /--tokenizer was given with 2 models/,
    ],
    ['keys that are not there', [MODEL, '--api-keys', 'none.txt'], /none\.txt cannot be read \(ENOENT\)/],
  ])('%s', async (_, words, message) => {
    const { code, err } = await runInProcess(['serve', ...words], folder);
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
  });
});

test('keys come from the environment and a file; a file without any is no licence for all', () => {
  const environment: Terminal['environment'] = { EIM_API_KEYS: 'one, two' };
  expect(apiKeysOf(environment, '# ours\r\nthree\n\n')).toEqual(['one', 'two', 'three']);
  expect(apiKeysOf({}, undefined)).toEqual([]);
  expect(() => apiKeysOf(environment, '# none\n')).toThrow(/holds no key/);
  expect(() => apiKeysOf({ EIM_API_KEYS: 'schlüssel' }, undefined)).toThrow(/API key 1 of 1/);
});

test('a name stands before a =, unless the whole is a path', () => {
  const path = join(folder, 'a=b');
  writeFileSync(path, '');
  expect(servedModelChoice('small=runs/x', {}, folder)).toMatchObject({
    id: 'small',
    model: { path: 'runs/x' },
  });
  expect(servedModelChoice('a=b', {}, folder)).toMatchObject({ id: undefined, model: { path: 'a=b' } });
  expect(servedModelChoice('runs/a=b', {}, folder)).toMatchObject({
    id: undefined,
    model: { path: 'runs/a=b' },
  });
});
