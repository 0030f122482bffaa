/** The built kernels in the package are what packages/engine/wasm-kernels builds. */
import { BUILDS, build, compilerVersion, recorded, sourceHash } from './lib/wasm-kernels.mjs';

const { compiler, source, builds } = recorded();
const faults = [];
if (source !== sourceHash()) faults.push('the sources have changed since the modules were built');
const present = compilerVersion();
if (faults.length === 0 && present === compiler) {
  for (const name of Object.keys(BUILDS)) {
    if (!build(name).binary.equals(builds[name]))
      faults.push(`the build '${name}' is not what its sources give`);
  }
}
if (faults.length > 0) {
  console.error(`${faults.join('\n')}\nRun: node tools/build-wasm-kernels.mjs`);
  process.exit(1);
}
console.log(
  present === compiler
    ? `wasm kernels: both builds are what ${compiler} makes of the sources`
    : `wasm kernels: sources unchanged; rebuilding SKIPPED, built with ${compiler}, here is ${present ?? 'no clang-19'}`,
);
