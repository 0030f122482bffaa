// Run from the repository's root, after `npm run setup`: npm run bench -- web-page [MODEL] [samples]
// A chat model exported by `eim export --target web`, in a headless Chromium on this machine: until it can be asked, tokens a second, and the
// memory of the browser's processes, all of them together. Each sample is a browser that has never seen the page.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium, onPage } from '../../../../tools/lib/on-page.mjs';
import { startStaticHost } from '../../../../tools/lib/static-host.mjs';
import { median } from '../engine-step/median.js';
import { browserBytes } from './browser-bytes.js';

const NEW_TOKENS = '64';
const QUESTION = 'Tell me a story about a boat.';
const [model = 'smollm2-135m-instruct', samples = '5'] = process.argv.slice(2);
if (chromium === undefined) {
  console.error('There is no Chromium on the path nor in EIM_CHROMIUM.');
  process.exit(2);
}

interface PageSample {
  readonly openSeconds: number;
  readonly tokensPerSecond: number;
  readonly bytes: number;
}

/** Opens the page in a browser of its own, and asks it once to warm up and once to measure. */
async function sample(address: string): Promise<PageSample> {
  const started = performance.now();
  return await onPage(address, {}, async (conversation, { page }) => {
    await conversation.opened();
    const openSeconds = (performance.now() - started) / 1000;
    await conversation.press('Settings');
    await page.getByLabel('Longest answer, in tokens').fill(NEW_TOKENS);
    await conversation.press('Done');
    await conversation.ask(QUESTION);
    await conversation.ask(QUESTION);
    const stats = (await page.locator('.stats').last().textContent()) ?? '';
    const rate = /([\d.]+) tokens\/s/.exec(stats);
    if (rate === null) throw new Error(`The page tells no speed: ${stats}`);
    return { openSeconds, tokensPerSecond: Number(rate[1]), bytes: browserBytes() };
  });
}

const scratch = mkdtempSync(join(tmpdir(), 'eim-bench-page-'));
try {
  const site = join(scratch, 'site');
  const program = join(import.meta.dirname, '../../../cli/bin/eim.mjs');
  await promisify(execFile)(process.execPath, [program, 'export', model, '--target', 'web', '--out', site]);
  const host = await startStaticHost(site);
  for (const query of ['engine=wasm&threads=1', 'engine=wasm&threads=2']) {
    const found: PageSample[] = [];
    for (let count = 0; count < Number(samples); count++) found.push(await sample(`${host.url}?${query}`));
    const of = (read: (each: PageSample) => number, digits: number) => {
      const values = found.map(read);
      const [low, high] = [Math.min(...values), Math.max(...values)].map((value) => value.toFixed(digits));
      return `${median(values).toFixed(digits)} (${low} to ${high})`;
    };
    console.log(
      `${model}, ${query}: open after ${of(({ openSeconds }) => openSeconds, 2)} s, ` +
        `${of(({ tokensPerSecond }) => tokensPerSecond, 0)} tokens/s, browser ${of(({ bytes }) => bytes / 1e6, 0)} MB`,
    );
  }
  await host.close();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
