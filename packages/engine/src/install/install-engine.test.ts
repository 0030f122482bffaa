import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EimError } from '@eim/contracts';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findInstalledEngine } from '../installed/find-installed-engine.js';
import { type InstallOptions, installEngine } from './install-engine.js';

let folder: string;
let engines: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'eim-install-'));
  engines = join(folder, 'engines');
  mkdirSync(join(folder, 'bin'));
  // Stand-ins for the tools: only they are found, beside the shell's own.
  for (const real of ['sh', 'tar', 'mkdir', 'gzip', 'touch', 'sleep'])
    tool(real, `exec ${['/usr/bin', '/bin'].find((bin) => existsSync(join(bin, real)))}/${real} "$@"`);
  tool('npm', npmPack);
  tool('g++', 'while [ "$1" != -o ]; do shift; done; touch "$2"');
  tool('python3', 'echo');
  vi.stubEnv('PATH', join(folder, 'bin'));
  vi.stubEnv('CXX', '');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** Packs empty packages of the two names. */
const npmPack = `mkdir -p p/package/dist/proto p/package/binding p/package/include
/bin/tar -czf tensorflow-tfjs-node-4.22.0.tgz -C p package
/bin/tar -czf node-api-headers-1.9.0.tgz -C p package`;

function tool(name: string, script: string): void {
  writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'bin', name), 0o755);
}

/** A TensorFlow as far as the install looks at it. */
function tensorFlow(version = '2.21.0'): string {
  const wheel = join(folder, 'site-packages', 'tensorflow');
  mkdirSync(wheel, { recursive: true });
  writeFileSync(join(wheel, 'libtensorflow_cc.so.2'), 'library');
  mkdirSync(join(wheel, '..', `tensorflow_cpu-${version}.dist-info`));
  return wheel;
}

const install = (options: Partial<InstallOptions> = {}) =>
  installEngine({ engine: 'node', engines, selfTest: async () => {}, ...options });

async function failure(options: Partial<InstallOptions> = {}): Promise<EimError> {
  const error = await install(options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!EimError.isInstance(error)) throw new Error(`no EimError but ${String(error)}`);
  expect(existsSync(engines) ? readdirSync(engines).filter((name) => name !== 'node.json') : []).toEqual([]);
  return error;
}

test('an engine gets its record when all is done, and a second install takes its place', async () => {
  const seen: string[] = [];
  const tensorflow = tensorFlow();
  await install({
    tensorflow,
    selfTest: async (staging) => {
      expect(findInstalledEngine('node', staging)).toMatchObject({ usable: true });
      expect(findInstalledEngine('node', engines)).toBeUndefined();
      seen.push(staging);
    },
  });
  expect(seen).toHaveLength(1);
  const first = findInstalledEngine('node', engines);
  expect(first).toMatchObject({ usable: true, record: { tensorflow: '2.21.0', libraries: tensorflow } });
  await install({ tensorflow: join(folder, 'site-packages') });
  const second = findInstalledEngine('node', engines);
  expect(second).toMatchObject({ usable: true });
  expect(readdirSync(engines).sort()).toEqual(
    [(second as { record: { folder: string } }).record.folder, 'node.json'].sort(),
  );
});

test('an earlier engine whose TensorFlow the new one runs on is kept', async () => {
  const wheel = tensorFlow();
  const older = join(engines, 'node-1-older');
  mkdirSync(engines, { recursive: true });
  renameSync(join(wheel, '..'), older);
  const record = await install({ tensorflow: join(older, 'tensorflow') });
  expect(readdirSync(engines).sort()).toEqual([record.folder, 'node-1-older', 'node.json'].sort());
  expect(findInstalledEngine('node', engines)).toMatchObject({ usable: true });
});

test('a TensorFlow of another version, or none, is refused by name', async () => {
  const tensorflow = tensorFlow('2.19.1');
  const wrong = await failure({ tensorflow });
  expect(wrong).toMatchObject({ code: 'invalid-argument' });
  expect(wrong.message).toContain('is 2.19.1; the binding is made for 2.21.0');
  expect((await failure({ tensorflow: join(folder, 'bin') })).message).toContain('There is no TensorFlow at');
  expect((await failure({ tensorflow: join(folder, 'nowhere') })).message).toContain('There is nothing at');
});

test('missing tools are named, with what to do', async () => {
  const tensorflow = tensorFlow();
  for (const [name, words] of [
    ['g++', "'g++', which is needed for compiling the binding, is not there. Install a C++ compiler"],
    ['npm', "'npm', which is needed for getting the binding's sources"],
  ] as const) {
    const script = readFileSync(join(folder, 'bin', name), 'utf8');
    rmSync(join(folder, 'bin', name));
    const error = await failure({ tensorflow });
    expect(error.code).toBe('engine-unavailable');
    expect(error.message).toContain(words);
    expect(error.message).toContain('The wasm engine works without it.');
    tool(name, script);
  }
  rmSync(join(folder, 'bin', 'python3'));
  expect((await failure()).message).toContain("'python3', which is needed for looking for TensorFlow");
  tool('python3', 'case "$1" in -m) echo "No module named pip" >&2; exit 1;; *) echo;; esac');
  const noPip = await failure();
  expect(noPip.message).toContain('Downloading TensorFlow failed');
  expect(noPip.message).toContain('No module named pip');
});

test('a compiler that fails and a full disk are told apart', async () => {
  const tensorflow = tensorFlow();
  tool('g++', 'echo "fatal error: tensorflow/c/c_api.h: No such file" >&2; exit 1');
  expect((await failure({ tensorflow })).message).toContain('fatal error: tensorflow/c/c_api.h');
  tool('g++', 'echo "ld: final link failed: No space left on device" >&2; exit 1');
  expect(await failure({ tensorflow })).toMatchObject({ code: 'storage-failed' });
});

test('a failed self-test and an interrupt leave the engine that was there', async () => {
  const tensorflow = tensorFlow();
  const before = await install({ tensorflow });
  const problem = new EimError({ code: 'engine-unavailable', message: 'It does not load.' });
  const refused = install({ tensorflow, selfTest: () => Promise.reject(problem) });
  await expect(refused).rejects.toBe(problem);
  tool('g++', 'exec sleep 20');
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 300);
  await expect(install({ tensorflow, signal: stop.signal })).rejects.toMatchObject({ code: 'interrupted' });
  expect(findInstalledEngine('node', engines)).toMatchObject({ usable: true, record: before });
  expect(readdirSync(engines).sort()).toEqual([before.folder, 'node.json'].sort());
});

test('what a killed install left is removed by the next', async () => {
  // A number that no process has: Linux gives none above 2^22.
  mkdirSync(join(engines, '.installing-9999999-abc', 'node-1'), { recursive: true });
  const notes: string[] = [];
  await install({ tensorflow: tensorFlow(), note: (text) => notes.push(text) });
  expect(notes[0]).toContain('unfinished install');
  expect(readdirSync(engines)).toHaveLength(2);
});

test('an installed engine that no longer fits says why', async () => {
  const tensorflow = tensorFlow();
  const record = await install({ tensorflow });
  const file = join(engines, 'node.json');
  const reason = () => {
    const found = findInstalledEngine('node', engines);
    return found && !found.usable ? found.reason : 'usable';
  };
  const changed = (change: object) => writeFileSync(file, JSON.stringify({ ...record, ...change }));
  changed({ platform: 'linux-riscv64' });
  expect(reason()).toContain('was built for linux-riscv64');
  changed({ nodeApi: 99 });
  expect(reason()).toContain('needs Node-API 99');
  changed({ tensorflow: '2.30.0' });
  expect(reason()).toContain('was built for TensorFlow 2.30.0');
  changed({ libraryBytes: 12 });
  expect(reason()).toContain('its TensorFlow was changed');
  changed({ libraries: join(folder, 'gone') });
  expect(reason()).toContain('its TensorFlow is gone');
  changed({ folder: 'node-other' });
  expect(reason()).toContain('is missing');
  writeFileSync(file, '{"engine": "node"');
  expect(reason()).toContain('cannot be read');
});
