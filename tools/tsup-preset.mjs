import { defineConfig } from 'tsup';
import { requiredModules } from './required-modules.mjs';

/**
 * The one build of every published package: ESM and declarations, dependencies left external.
 * `entries` are paths below src without extension; `overrides` are further tsup options.
 */
export function tsupPreset({ entries, ...overrides }) {
  return defineConfig({
    entry: Object.fromEntries(entries.map((entry) => [entry, `src/${entry}.ts`])),
    format: 'esm',
    target: 'node20',
    platform: 'neutral',
    dts: { compilerOptions: { noEmit: false, composite: false, incremental: false } },
    clean: true,
    splitting: true,
    sourcemap: false,
    treeshake: true,
    // Node's built-ins keep the prefix that says what they are. What `imports` in package.json chooses between
    // stays a choice of whoever resolves it.
    removeNodeProtocol: false,
    external: [/^node:/, /^#/],
    plugins: [requiredModules],
    ...overrides,
  });
}
