import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { wasmBinaryFolder } from '@eim/engine/node';
import { defineConfig, type Plugin } from 'vite';
import { bundledLicences } from './bundled-licences.js';

/** The binaries that the engine starts from, without those for threads of the backend itself. */
const BINARIES = ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm'];

/** Puts the wasm backend's binaries beside the page. */
const wasmFiles = (out: string): Plugin => ({
  name: 'eim-wasm-files',
  closeBundle: () => {
    for (const name of BINARIES) {
      cpSync(join(wasmBinaryFolder(), name), new URL(`${out}/wasm/${name}`, import.meta.url));
    }
  },
});

const licences = bundledLicences();

/**
 * Two pages of one app, by mode: `served` talks to the server that it came from, `exported` has the model in the page.
 * Addresses are relative, so that an exported folder may lie anywhere on a host.
 */
export default defineConfig(({ mode }) => ({
  root: `pages/${mode}`,
  base: './',
  build: {
    outDir: `../../dist/${mode}`,
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0, // the page's content security policy lets no data: address run or style
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      input: {
        index: `pages/${mode}/index.html`,
        // its name must not change, and its folder is what it keeps
        ...(mode === 'exported' && { 'service-worker': 'src/service-worker/service-worker.ts' }),
      },
      output: {
        entryFileNames: ({ name }) =>
          name === 'service-worker' ? 'service-worker.js' : 'assets/[name]-[hash].js',
      },
    },
  },
  plugins: [licences.page(), mode === 'exported' && wasmFiles(`dist/${mode}`)],
  worker: { format: 'es', plugins: () => [licences.worker()] },
  server: { proxy: { '/v1': 'http://127.0.0.1:8080' } },
}));
