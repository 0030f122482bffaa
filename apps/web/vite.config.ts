import { defineConfig } from 'vite';

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
  },
  worker: { format: 'es' },
  server: { proxy: { '/v1': 'http://127.0.0.1:8080' } },
}));
