import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';

/**
 * Modules of TensorFlow.js that are CommonJS in Node. Where one is imported, Node reads its text twice more than where it is
 * required: for the kind of module that it is, and for the names that it exports. Of the 230 ms that all three took, 140 went there.
 * What is built therefore imports them by `specifier`: in Node that is a small module which requires them, elsewhere the
 * module itself. Both ways give the same instance.
 */
const REQUIRED = [
  { module: '@tensorflow/tfjs-core', specifier: '@eim/engine/tfjs-core', file: 'tfjs-core' },
  { module: '@tensorflow/tfjs-backend-cpu', specifier: '#tfjs-backend-cpu', file: 'tfjs-backend-cpu' },
  { module: '@tensorflow/tfjs-backend-wasm', specifier: '#tfjs-backend-wasm', file: 'tfjs-backend-wasm' },
];

const importOf = (module) =>
  new RegExp(String.raw`^((?:import|export)\b[^'"]*?|\}\s*from\s*)(['"])${module}\2`, 'gm');

/** The plug-in of tsup that turns the imports. */
export const requiredModules = {
  name: 'required-modules',
  renderChunk(code, { path }) {
    const others = REQUIRED.filter(({ file }) => basename(path) !== `${file}.js`);
    const turned = (text, { module, specifier }) =>
      text.replace(importOf(module), (_, before, quote) => `${before}${quote}${specifier}${quote}`);
    return { code: others.reduce(turned, code) };
  },
};

/** Writes the modules that Node is given into a folder of a package that depends on TensorFlow.js. */
export function writeRequiredModules(folder) {
  mkdirSync(folder, { recursive: true });
  const require = createRequire(join(folder, 'any.js'));
  for (const { module, file } of REQUIRED) {
    const names = Object.keys(require(module)).filter((name) => name !== 'default');
    const lines = [
      "import { createRequire } from 'node:module';",
      `const required = createRequire(import.meta.url)('${module}');`,
      ...names.map((name) => `export const ${name} = required.${name};`),
    ];
    writeFileSync(join(folder, `${file}.js`), `${lines.join('\n')}\n`);
  }
}
