import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { listModels } from '../list-models.js';
import { pullModel } from '../pull-model.js';
import type { PullOffer } from '../pull-plan.js';
import { removeModel } from '../remove-model.js';
import { resolveModelPath } from '../resolve-model-path.js';
import { COMMIT, publishRepository } from '../testing/hub-repository.js';
import { sha256Of } from '../testing/index-pages.js';
import { file, type ModelServer, redirect, startModelServer } from '../testing/model-server.js';
import { cleanEnvironment, noise, scratchFolder } from '../testing/scratch.js';

const weights = noise(200_000);
const FILES = {
  'model.safetensors': weights,
  'pytorch_model.bin': noise(200_000),
  'onnx/model.onnx': noise(2000),
  'flax_model.msgpack': noise(2000),
  'config.json': Buffer.from('{"model_type":"tiny"}'),
  'tokenizer.json': Buffer.from('{}'),
  'README.md': Buffer.from('# Tiny'),
  LICENSE: Buffer.from('MIT'),
};
const NAME = 'hf:tiny/model';

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
  environment = cleanEnvironment(home, { HF_ENDPOINT: server.url });
  server.routes.clear();
  server.requests.length = 0;
  server.headers.length = 0;
});

const repository = () => join(home, 'hf/hub/models--tiny--model');

test('what a model needs comes into the cache that Python keeps', async () => {
  publishRepository(server, 'tiny/model', FILES);
  const offers: PullOffer[] = [];
  const pulled = await pullModel(NAME, { environment, onOffer: (offer) => void offers.push(offer) });
  const names = ['LICENSE', 'config.json', 'model.safetensors', 'tokenizer.json'];
  expect(offers[0]).toMatchObject({ licence: 'mit', source: NAME, from: `${server.url}/tiny/model` });
  expect(offers[0]!.bytes).toBe(
    names.reduce((sum, name) => sum + FILES[name as keyof typeof FILES].length, 0),
  );
  expect(pulled).toMatchObject({
    version: COMMIT,
    licence: 'mit',
    path: join(repository(), 'snapshots', COMMIT),
  });
  expect(readdirSync(pulled.path).sort()).toEqual(names);
  expect(lstatSync(join(pulled.path, 'model.safetensors')).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(pulled.path, 'model.safetensors')).equals(weights)).toBe(true);
  expect(existsSync(join(repository(), 'blobs', sha256Of(weights)))).toBe(true);
  expect(readdirSync(join(repository(), 'blobs'))).toHaveLength(4);
  expect(readFileSync(join(repository(), 'refs/main'), 'utf8')).toBe(COMMIT);
  expect(resolveModelPath(NAME, { environment })).toBe(pulled.path);
  expect(listModels({ environment }).at(-1)).toMatchObject({ name: NAME, state: 'pulled' });

  server.requests.length = 0;
  expect(await pullModel(NAME, { environment })).toMatchObject({ downloaded: 0 });
  expect(server.requests.filter((request) => request.includes('resolve'))).toEqual([]);

  await removeModel(NAME, { environment });
  expect(existsSync(repository())).toBe(false);
  expect(() => resolveModelPath(NAME, { environment })).toThrow(/eim pull hf:tiny\/model/);
});

test('--include widens, and what is there is not fetched again', async () => {
  publishRepository(server, 'tiny/model', FILES);
  await pullModel(NAME, { environment });
  server.requests.length = 0;
  const { files } = await pullModel(NAME, { environment, include: ['onnx/*'] });
  expect(files.map(({ path }) => path)).toContain('onnx/model.onnx');
  expect(server.requests.filter((request) => request.includes('resolve'))).toEqual([
    `GET /tiny/model/resolve/${COMMIT}/onnx/model.onnx`,
  ]);
});

test.each([true, false])(
  'a cache that Python filled is used, and nothing is fetched (hub reachable: %s)',
  async (reachable) => {
    const blobs = join(repository(), 'blobs');
    const snapshot = join(repository(), 'snapshots', COMMIT);
    for (const each of [blobs, snapshot, join(repository(), 'refs')]) mkdirSync(each, { recursive: true });
    writeFileSync(join(repository(), 'refs/main'), COMMIT);
    for (const [path, bytes] of Object.entries(FILES)) {
      if (path.includes('/')) continue;
      writeFileSync(join(blobs, path), bytes);
      symlinkSync(join('../../blobs', path), join(snapshot, path));
    }
    expect(resolveModelPath(NAME, { environment })).toBe(snapshot);
    if (reachable) publishRepository(server, 'tiny/model', FILES);
    const offline = { ...environment, ...(!reachable && { HF_ENDPOINT: 'https://no-such-hub.invalid' }) };
    const { path, downloaded } = await pullModel(NAME, { environment: offline });
    expect([path, downloaded]).toEqual([snapshot, 0]);
    expect(server.requests.filter((request) => request.includes('resolve'))).toEqual([]);
    expect(await removeModel(NAME, { environment })).toMatchObject({ kept: snapshot });
    expect(existsSync(join(snapshot, 'model.safetensors'))).toBe(true);
  },
);

test('a cache that lacks a shard is not whole', async () => {
  const snapshot = join(repository(), 'snapshots', COMMIT);
  mkdirSync(snapshot, { recursive: true });
  mkdirSync(join(repository(), 'refs'));
  writeFileSync(join(repository(), 'refs/main'), COMMIT);
  writeFileSync(join(snapshot, 'config.json'), '{}');
  writeFileSync(join(snapshot, 'model-00001-of-00002.safetensors'), 'x');
  const index = {
    weight_map: { a: 'model-00001-of-00002.safetensors', b: 'model-00002-of-00002.safetensors' },
  };
  writeFileSync(join(snapshot, 'model.safetensors.index.json'), JSON.stringify(index));
  expect(() => resolveModelPath(NAME, { environment })).toThrow(/not on this machine/);
  await expect(pullModel(NAME, { environment: { ...environment, HF_HUB_OFFLINE: '1' } })).rejects.toThrow(
    /HF_HUB_OFFLINE forbids/,
  );
  writeFileSync(join(snapshot, 'model-00002-of-00002.safetensors'), 'x');
  expect(resolveModelPath(NAME, { environment })).toBe(snapshot);
});

test('a gated repository says what to do, and its token opens it', async () => {
  publishRepository(server, 'tiny/model', FILES, { gated: true, token: 'hf_secret' });
  const error = await pullModel(NAME, { environment }).catch((reason: Error) => reason);
  expect(error).toMatchObject({
    code: 'access-refused',
    message: expect.stringMatching(/is gated: .* Agree at .*\/tiny\/model, make a token .* set HF_TOKEN/),
  });
  expect(listModels({ environment }).at(-1)!.name).not.toBe(NAME);
  mkdirSync(join(home, 'hf'), { recursive: true });
  writeFileSync(join(home, 'hf/token'), 'hf_secret\n');
  expect(await pullModel(NAME, { environment })).toMatchObject({ version: COMMIT });
});

test('the token is not shown to the host that the hub sends us to', async () => {
  const elsewhere = await startModelServer();
  try {
    publishRepository(server, 'tiny/model', FILES, { token: 'secret' });
    // Another host for the program, since a port belongs to an origin.
    server.routes.set(`/tiny/model/resolve/${COMMIT}/model.safetensors`, redirect(`${elsewhere.url}/cdn`));
    elsewhere.routes.set('/cdn', file({ bytes: weights }));
    await pullModel(NAME, { environment: { ...environment, HF_TOKEN: 'secret' } });
    expect(elsewhere.headers.map(({ authorization }) => authorization)).toEqual([undefined]);
    expect(server.headers.every(({ authorization }) => authorization === 'Bearer secret')).toBe(true);
  } finally {
    await elsewhere.close();
  }
});

test.each([
  [404, {}, 'invalid-argument', /knows no hf:tiny\/model/],
  [404, { 'x-error-code': 'RepoNotFound' }, 'invalid-argument', /There is no .*\/tiny\/model/],
  [404, { 'x-error-code': 'RevisionNotFound' }, 'invalid-argument', /has no revision "main"/],
  [401, {}, 'access-refused', /does not exist, or is private.*HF_TOKEN/],
  [503, {}, 'network-failed', /status 503/],
])('status %i with %j is %s', async (status, headers, code, message) => {
  const path = '/api/models/tiny/model/revision/main';
  server.routes.set(path, (_, response) => void response.writeHead(status, headers).end('{}'));
  await expect(pullModel(NAME, { environment })).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
  });
});

test('a file that is not what the hub lists is not kept', async () => {
  publishRepository(server, 'tiny/model', FILES);
  server.routes.set(
    `/tiny/model/resolve/${COMMIT}/config.json`,
    file({ bytes: Buffer.from('{"model_type":"evil"}') }),
  );
  await expect(pullModel(NAME, { environment })).rejects.toThrow(/config.json has another hash/);
  expect(existsSync(join(repository(), 'snapshots'))).toBe(false);
});

test('several GGUF files are a question that --include answers', async () => {
  publishRepository(server, 'tiny/model', { 'm.Q4_0.gguf': noise(2000), 'm.Q8_0.gguf': noise(2000) });
  await expect(pullModel(NAME, { environment })).rejects.toMatchObject({
    code: 'invalid-argument',
    message: expect.stringContaining('m.Q4_0.gguf, m.Q8_0.gguf. Choose by --include'),
  });
  const { path } = await pullModel(NAME, { environment, include: ['*Q4_0.gguf'] });
  expect(path.endsWith('m.Q4_0.gguf')).toBe(true);
});

test('a branch that moved is pulled anew, a commit never', async () => {
  publishRepository(server, 'tiny/model', FILES);
  await pullModel(NAME, { environment });
  const next = 'd'.repeat(40);
  publishRepository(
    server,
    'tiny/model',
    { ...FILES, 'config.json': Buffer.from('{"new":1}') },
    { commit: next },
  );
  expect(await pullModel(NAME, { environment })).toMatchObject({ version: next, downloaded: 9 });
  await pullModel(`${NAME}@${COMMIT}`, { environment });
  server.requests.length = 0;
  await pullModel(`${NAME}@${COMMIT}`, { environment });
  expect(server.requests).toEqual([]);
});

test('two names for one folder: the files stay until the second is removed', async () => {
  publishRepository(server, 'tiny/model', FILES);
  await pullModel(NAME, { environment });
  await pullModel(`${NAME}@${COMMIT}`, { environment });
  const { kept } = await removeModel(NAME, { environment });
  expect(kept).toBe(join(repository(), 'snapshots', COMMIT));
  expect(existsSync(resolveModelPath(`${NAME}@${COMMIT}`, { environment }))).toBe(true);
  expect(await removeModel(`${NAME}@${COMMIT}`, { environment })).toMatchObject({ kept: null });
  expect(existsSync(repository())).toBe(false);
});

test('a missing cache folder is made, and a cut connection goes on', async () => {
  publishRepository(server, 'tiny/model', FILES, { served: { 'model.safetensors': { cuts: [100_000] } } });
  await pullModel(NAME, { environment });
  expect(server.requests).toContainEqual(expect.stringMatching(/model\.safetensors bytes=[1-9]\d*-$/));
  rmSync(join(home, 'hf'), { recursive: true });
  expect(listModels({ environment }).at(-1)).toMatchObject({ state: 'damaged' });
});
