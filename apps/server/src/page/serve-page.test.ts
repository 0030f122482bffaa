import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../create-app.js';
import { readPage } from './read-page.js';

const folder = mkdtempSync(join(tmpdir(), 'eim-page-'));
beforeAll(() => {
  mkdirSync(join(folder, 'page/assets'), { recursive: true });
  writeFileSync(join(folder, 'page/index.html'), '<p>page</p>');
  writeFileSync(join(folder, 'page/assets/app-1.js'), 'run()');
  writeFileSync(join(folder, 'secret.txt'), 'secret');
});
afterAll(() => rmSync(folder, { recursive: true }));

test('the page is served at / with a strict policy, and its files for ever', async () => {
  const { app } = createApp({ models: [], apiKeys: ['k'], page: await readPage(join(folder, 'page')) });
  const page = await app.request('/');
  expect([page.status, await page.text()]).toEqual([200, '<p>page</p>']);
  const policy = page.headers.get('content-security-policy')!;
  expect(policy).toContain("default-src 'none'; script-src 'self'");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
  expect(page.headers.get('cache-control')).toBe('no-cache');
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const script = await app.request('/assets/app-1.js');
  expect([await script.text(), script.headers.get('content-type')]).toEqual([
    'run()',
    'text/javascript; charset=utf-8',
  ]);
  expect(script.headers.get('cache-control')).toContain('immutable');
  expect(script.headers.get('x-content-type-options')).toBe('nosniff');
});

test.each([
  '/index.html',
  '/assets/',
  '/assets/../../secret.txt',
  '/%2e%2e/secret.txt',
  '/secret.txt',
  '/assets%2fapp-1.js',
])('nothing else is: %s', async (path) => {
  const { app } = createApp({ models: [], page: await readPage(join(folder, 'page')) });
  const answer = await app.request(path);
  expect(answer.status).toBe(404);
  expect(await answer.text()).not.toContain('secret');
});

test('without a page there is none, and a folder without one is named', async () => {
  expect((await createApp({ models: [] }).app.request('/')).status).toBe(404);
  await expect(readPage(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'missing-file' });
});
