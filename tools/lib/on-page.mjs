import { join } from 'node:path';
import { findChromium } from './chromium.mjs';
import { openPage, seriousAccessibilityFaults } from './opened-page.mjs';
import { PageConversation } from './page-conversation.mjs';

/** Path of the browser's program; undefined where there is none. */
export const chromium = findChromium();

/** @throws Error that names what differs */
export function expectEqual(what, actual, expected) {
  if (JSON.stringify(actual) === JSON.stringify(expected)) return;
  throw new Error(`${what}: ${JSON.stringify(actual)}, and should be ${JSON.stringify(expected)}`);
}

/** Opens a page, does something on it, and looks at what went wrong. */
export async function onPage(address, options, action) {
  const opened = await openPage(chromium, address, options);
  try {
    const result = await action(new PageConversation(opened.page), opened);
    expectEqual('faults of the page', opened.faults, []);
    return result;
  } finally {
    await opened.close();
  }
}

/** Looks for what is hard to use, and keeps a picture where EIM_SHOTS names a folder. */
export async function look(page, name) {
  if (process.env.EIM_SHOTS) await page.screenshot({ path: join(process.env.EIM_SHOTS, `${name}.png`) });
  expectEqual(`axe-core on ${name}`, await seriousAccessibilityFaults(page), []);
}
