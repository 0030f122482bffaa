/** Compiles packages/engine/wasm-kernels with Debian's clang-19 and lld-19 and writes the modules into the package. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { BUILDS, binariesFile, build, compilerVersion, sourceHash } from './lib/wasm-kernels.mjs';

const compiler = compilerVersion();
if (!compiler) {
  console.error('There is no clang-19 here. On Debian or Ubuntu: apt-get install clang-19 lld-19');
  process.exit(1);
}
const builds = Object.keys(BUILDS).map((name) => ({ name, ...build(name) }));
const lines = builds.map(
  ({ name, binary, hash }) =>
    `  /** ${binary.length} bytes, sha256 ${hash} */\n  ${name}:\n    '${binary.toString('base64')}',`,
);
mkdirSync(dirname(binariesFile), { recursive: true });
writeFileSync(
  binariesFile,
  `/**
 * The kernels of packages/engine/wasm-kernels as WebAssembly, in base64. Written by tools/build-wasm-kernels.mjs;
 * tools/check-wasm-kernels.mjs checks that this is what the sources build.
 */
export const KERNEL_BINARIES = {
  compiler: '${compiler}',
  /** sha256 of the sources and flags. */
  source: '${sourceHash()}',
${lines.join('\n')}
} as const;
`,
);
for (const { name, binary, hash } of builds) console.log(`${name}: ${binary.length} bytes, sha256 ${hash}`);
