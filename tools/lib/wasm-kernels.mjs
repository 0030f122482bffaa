import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from './processes.mjs';

const COMPILER = 'clang-19';
const sourceFolder = join(repositoryRoot, 'packages/engine/wasm-kernels');

/** The generated file that carries the built modules. */
export const binariesFile = join(
  repositoryRoot,
  'packages/engine/src/kernels/wasm/module/kernel-binaries.ts',
);

/** The module's builds by name: what the processor's vector unit must offer beyond 128-bit SIMD. */
export const BUILDS = { relaxed: ['-mrelaxed-simd'], plain: [] };

/** The memory is the backend's: imported, shared between threads, and the module adds nothing of its own to it. */
const FLAGS = `--target=wasm32 -std=c17 -O2 -fno-unroll-loops -fno-vectorize -fno-slp-vectorize -Wall -Wextra -Werror -ffreestanding -fno-math-errno -nostdlib -msimd128
  -matomics -mbulk-memory -Wl,--no-entry -Wl,--import-memory -Wl,--shared-memory -Wl,--max-memory=4294967296
  -Wl,--export=__stack_pointer -Wl,--stack-first -Wl,-z,stack-size=65536 -Wl,--strip-all -flto`;

const sha256 = (data) => createHash('sha256').update(data).digest('hex');

/** A hash over every source file's name and text, and over the flags. */
export function sourceHash() {
  const hash = createHash('sha256').update(JSON.stringify([FLAGS, BUILDS]));
  for (const name of readdirSync(sourceFolder).sort()) {
    hash.update(`\n${name}\n`).update(readFileSync(join(sourceFolder, name)));
  }
  return hash.digest('hex');
}

/** The compiler's version line; undefined where there is none. */
export function compilerVersion() {
  try {
    return execFileSync(COMPILER, ['--version'], { encoding: 'utf8' }).split('\n')[0];
  } catch {
    return undefined;
  }
}

/** Compiles one build of the module. */
export function build(name) {
  const folder = mkdtempSync(join(tmpdir(), 'eim-kernels-'));
  try {
    const output = join(folder, 'kernels.wasm');
    const sources = readdirSync(sourceFolder).filter((file) => file.endsWith('.c'));
    execFileSync(COMPILER, [...FLAGS.split(/\s+/), ...BUILDS[name], ...sources.sort(), '-o', output], {
      cwd: sourceFolder,
      stdio: 'inherit',
    });
    const binary = readFileSync(output);
    if (hasData(binary)) throw new Error('the module has data of its own, which would overwrite the backend');
    return { binary, hash: sha256(binary) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Whether a module has a data section (id 11). */
function hasData(binary) {
  let place = 8;
  const number = () => {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = binary[place++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  while (place < binary.length) {
    if (binary[place++] === 11) return true;
    const size = number();
    place += size;
  }
  return false;
}

/** What the generated file states: the compiler, the hash of the sources, and each build with its hash. */
export function recorded() {
  const text = readFileSync(binariesFile, 'utf8');
  const field = (pattern) => pattern.exec(text)?.[1];
  return {
    compiler: field(/compiler: '([^']*)'/),
    source: field(/source: '([^']*)'/),
    builds: Object.fromEntries(
      Object.keys(BUILDS).map((name) => [
        name,
        Buffer.from(field(new RegExp(`${name}:\\s+'([^']*)'`)) ?? '', 'base64'),
      ]),
    ),
  };
}
