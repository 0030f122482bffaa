import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { host } from '#host';
import { answerOfPage } from '../../../../tools/lib/chromium.mjs';
import type { SelfTestReport } from '../selftest/self-test-engine.js';

/**
 * Runs the suite on one engine in a page of a headless Chromium, from bundled sources and the backend's own files.
 * @param chromium the browser's program
 */
export async function selfTestInChromium(
  chromium: string,
  engine: 'webgpu' | 'wasm' | 'cpu',
): Promise<SelfTestReport & { readonly error?: string }> {
  const wasm = host.locateWasmBinaries();
  if (!wasm.found) throw new Error(wasm.reason);
  const scripts = await bundle();
  const answer = await answerOfPage({
    chromium,
    query: `?engine=${engine}`,
    // a processor in the place of a GPU
    words: engine === 'webgpu' ? ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'] : [],
    patience: 590_000,
    fileAt: (path) => {
      if (path === '') return { type: 'text/html', body: '<script type="module" src="page.js"></script>' };
      if (path.endsWith('.wasm')) {
        return { type: 'application/wasm', body: readFileSync(join(wasm.files!.folder, path)) };
      }
      const body = scripts.get(path);
      return body === undefined ? undefined : { type: 'text/javascript', body };
    },
  });
  return answer as SelfTestReport;
}

/** The page's modules by name. */
async function bundle(): Promise<ReadonlyMap<string, string>> {
  const { outputFiles } = await build({
    entryPoints: { page: fileURLToPath(new URL('./self-test-page.ts', import.meta.url)) },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    outdir: '/',
    write: false,
    conditions: ['eim-source'],
  });
  return new Map(outputFiles.map(({ path, text }) => [path.slice(1), text]));
}
