import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium as browsers } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WORDS = ['--no-sandbox', '--disable-gpu', '--enable-unsafe-swiftshader'];

/**
 * Opens a page in a headless Chromium, and notes what it must not do: requests to other origins, errors, and what its
 * content security policy refused.
 * @param program the browser's
 * @param options of a browser context of Playwright, and `offers`: further words for the browser
 */
export async function openPage(program, address, { words = [], ...options } = {}) {
  const browser = await browsers.launch({ executablePath: program, args: [...WORDS, ...words] });
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, ...options });
  const page = await context.newPage();
  const faults = [];
  const { origin } = new URL(address);
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (/^https?:$/.test(url.protocol) && url.origin !== origin) faults.push(`asks ${url}`);
  });
  page.on('pageerror', (error) => faults.push(`throws ${error.stack}`));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`says ${message.text()} (${message.location().url})`);
  });
  await page.goto(address);
  return { page, context, faults, close: () => browser.close() };
}

/** What axe-core finds that is serious or worse. It runs past the page's policy, as it is no part of the page. */
export async function seriousAccessibilityFaults(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
}
