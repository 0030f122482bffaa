import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EimError } from '@eim/contracts';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { currentEngine, ENGINE_NAMES, listEngines, startEngine } from '../index.js';

let folder: string;
const home = process.cwd();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'eim-engine-'));
  process.chdir(folder);
  vi.stubEnv('EIM_ENGINES', join(folder, 'engines'));
});
afterEach(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

/** A package of the user's project. */
function install(name: string, files: Record<string, string>): void {
  const root = join(folder, 'node_modules', name);
  for (const [path, text] of Object.entries({
    'package.json': JSON.stringify({ name, main: 'index.js' }),
    ...files,
  })) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

async function failure(engine: string): Promise<EimError> {
  const error = await startEngine({ engine: engine as never }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!EimError.isInstance(error)) throw new Error(`no EimError but ${String(error)}`);
  return error;
}

describe('startEngine', () => {
  test('starts wasm from any working directory and says what runs', async () => {
    const info = await startEngine({ engine: 'wasm' });
    expect(info).toMatchObject({
      name: 'wasm',
      device: expect.stringMatching(/^CPU, WebAssembly with (relaxed )?SIMD/),
    });
    expect(info.kernelVersion).toMatch(
      /^eim-\d+\+core-4\.\d+\.\d+\+wasm-4\.\d+\.\d+-(relaxed-fused|relaxed|plain)$/,
    );
    expect(currentEngine()).toBe(info);
  });

  test('without a name takes the fastest that starts', async () => {
    vi.stubEnv('EIM_ENGINE', '');
    const usable = (await listEngines()).filter((engine) => engine.ok);
    expect((await startEngine()).name).toBe(usable[0]!.name);
  });

  test('goes by EIM_ENGINE, and by the option before it', async () => {
    vi.stubEnv('EIM_ENGINE', 'cpu');
    expect((await startEngine()).name).toBe('cpu');
    expect((await startEngine({ engine: 'wasm' })).name).toBe('wasm');
    vi.stubEnv('EIM_ENGINE', 'abacus');
    await expect(startEngine()).rejects.toThrow(
      "There is no engine 'abacus'. The engines are node-gpu, node",
    );
  });

  test('goes by EIM_THREADS, and by the option before it; takes whole numbers only', async () => {
    vi.stubEnv('EIM_THREADS', '2');
    expect((await startEngine({ engine: 'wasm' })).threads).toBe(2);
    expect((await startEngine({ engine: 'wasm', threads: 1 })).threads).toBe(1);
    vi.stubEnv('EIM_THREADS', 'many');
    await expect(startEngine({ engine: 'wasm' })).rejects.toThrow('EIM_THREADS=many is no number of threads');
    await expect(startEngine({ engine: 'cpu', threads: 0 })).rejects.toThrow('0 is no number of threads');
  });

  test('an engine asked for that is not installed is an error with advice, not another engine', async () => {
    const error = await failure('node-gpu');
    expect(error.code).toBe('engine-unavailable');
    expect(error.message).toContain('@tensorflow/tfjs-node-gpu is not installed');
    expect(error.advice).toContain('eim engine install node-gpu');
    expect(error.advice).toContain('npm install @tensorflow/tfjs-node-gpu');
    expect((await failure('webgpu')).message).toContain('webgpu is not installed'); // its backend is, for pages
  });

  test('a package without its native addon is told from one that is absent', async () => {
    install('@tensorflow/tfjs-node', { 'index.js': 'throw new Error("never loaded");' });
    const error = await failure('node');
    expect(error.message).toContain('installed without its native addon');
    expect(error.advice).toContain('npm rebuild');
  });

  test('a package that fails while loading is reported with its reason', async () => {
    install('@tensorflow/tfjs-node', {
      'index.js': 'throw new Error("libtensorflow.so.2: cannot open shared object file");',
      'lib/napi-v8/tfjs_binding.node': '',
    });
    const error = await failure('node');
    expect(error.message).toContain('libtensorflow.so.2: cannot open shared object file');
    expect(error.cause).toBeInstanceOf(Error);
    vi.stubEnv('EIM_ENGINE', '');
    expect((await startEngine()).name).toBe('wasm');
  });
});

describe('an engine built by eim', () => {
  const record = {
    engine: 'node',
    folder: 'node-1',
    tensorflow: '2.21.0',
    binding: '4.22.0',
    libraryBytes: 7,
    nodeApi: 8,
    platform: `${process.platform}-${process.arch}`,
    additions: '',
  };

  function build(change: object = {}): void {
    const engines = join(folder, 'engines');
    mkdirSync(join(engines, 'node-1', 'binding'), { recursive: true });
    mkdirSync(join(engines, 'node-1', 'backend'));
    writeFileSync(join(engines, 'node-1', 'binding', 'tfjs_binding.node'), 'not a library');
    writeFileSync(join(engines, 'libtensorflow_cc.so.2'), 'library');
    writeFileSync(join(engines, 'node.json'), JSON.stringify({ ...record, libraries: engines, ...change }));
  }

  test('is found, and one that cannot be loaded is an error with the cause', async () => {
    build();
    const found = (await listEngines()).find(({ name }) => name === 'node');
    expect(found).toMatchObject({
      ok: true,
      reason: expect.stringContaining('Built by eim for TensorFlow 2.21.0'),
    });
    const error = await failure('node');
    expect(error.message).toContain('its binding fails while loading');
    expect(error.advice).toContain('eim engine install node');
  });

  test('of another TensorFlow is refused before it is loaded', async () => {
    build({ libraryBytes: 8 });
    const error = await failure('node');
    expect(error.message).toContain('it is installed, but its TensorFlow was changed');
  });

  test('stands behind a published package that has its own binary', async () => {
    build();
    install('@tensorflow/tfjs-node', {
      'index.js': 'throw new Error("the package was loaded");',
      'lib/napi-v8/tfjs_binding.node': '',
    });
    expect((await failure('node')).message).toContain('the package was loaded');
  });
});

describe('listEngines', () => {
  test('lists every engine, fastest first, each with a reason, starting none', async () => {
    const running = await startEngine({ engine: 'wasm' });
    const engines = await listEngines();
    expect(engines.map(({ name }) => name)).toEqual([...ENGINE_NAMES]);
    for (const { ok, reason, advice } of engines) {
      expect(reason).not.toBe('');
      if (!ok) expect(advice).not.toBe('');
    }
    expect(engines.find(({ name }) => name === 'wasm')).toMatchObject({
      ok: true,
      reason: `Running on ${running.device}.`,
    });
    expect(currentEngine()).toBe(running);
  });

  test('an engine that is installed but has not run is not claimed to work', async () => {
    install('@tensorflow/tfjs-node', { 'index.js': '', 'lib/napi-v8/tfjs_binding.node': '' });
    const engine = (await listEngines()).find(({ name }) => name === 'node');
    expect(engine).toMatchObject({ ok: true, reason: expect.stringContaining('not been started') });
  });
});
