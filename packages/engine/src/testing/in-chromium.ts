import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { SelfTestReport } from '../selftest/self-test-engine.js';
import { locateWasmBinaries } from '../start/locate-wasm-binaries.js';

/**
 * Runs the suite on one engine in a page of a headless Chromium, from bundled sources and the backend's own files.
 * @param chromium the browser's program
 * @param folder for the browser's profile
 */
export async function selfTestInChromium(
  chromium: string,
  engine: 'wasm' | 'cpu',
  folder: string,
): Promise<SelfTestReport & { readonly error?: string }> {
  const wasm = await locateWasmBinaries();
  if (!wasm.found) throw new Error(wasm.reason);
  const files = await bundle();
  let answer: (report: SelfTestReport) => void;
  const answered = new Promise<SelfTestReport>((resolve) => {
    answer = resolve;
  });
  const serve: RequestListener = async (request, response) => {
    const path = new URL(request.url!, 'http://localhost').pathname.slice(1);
    if (path === 'report') {
      const chunks = await request.toArray();
      response.end();
      answer(JSON.parse(Buffer.concat(chunks).toString()));
    } else if (path === '') {
      response.setHeader('content-type', 'text/html').end('<script type="module" src="page.js"></script>');
    } else if (path.endsWith('.wasm')) {
      response.setHeader('content-type', 'application/wasm').end(readFileSync(join(wasm.folder!, path)));
    } else {
      const text = files.get(path);
      response.writeHead(text === undefined ? 404 : 200, { 'content-type': 'text/javascript' }).end(text);
    }
  };
  const server = createServer(serve).listen(0, 'localhost');
  await once(server, 'listening');
  const address = `http://localhost:${(server.address() as AddressInfo).port}/?engine=${engine}`;
  const words = ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${folder}`, address];
  const browser = spawn(chromium, words, { stdio: 'ignore' });
  const ended = once(browser, 'exit');
  try {
    return await Promise.race([
      answered,
      ended.then(([code]) => {
        throw new Error(`${chromium} ended (exit code ${code}) before its page answered`);
      }),
    ]);
  } finally {
    browser.kill();
    await ended;
    server.closeAllConnections();
    server.close();
  }
}

/** The page's modules by name. What only Node runs is imported when it is needed, so never here. */
async function bundle(): Promise<ReadonlyMap<string, string>> {
  const { outputFiles } = await build({
    entryPoints: { page: fileURLToPath(new URL('./self-test-page.ts', import.meta.url)) },
    ...{ bundle: true, splitting: true, format: 'esm', platform: 'browser', outdir: '/', write: false },
    conditions: ['eim-source'],
    external: ['node:*'],
  });
  return new Map(outputFiles.map(({ path, text }) => [path.slice(1), text]));
}
