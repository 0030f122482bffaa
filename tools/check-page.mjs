/**
 * The chat page in a headless Chromium: served by `eim serve`, and exported by `eim export --target web`, where it answers as
 * Node does on the same engine. Nothing may be asked of other origins, refused by the content security policy, or found
 * serious by axe-core.
 *
 *     node tools/check-page.mjs [served captions webgpu chat]
 *
 * EIM_SERVE_MODEL names a chat model, else a tiny one of random weights answers; EIM_SHOTS a folder for pictures of the page.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from './lib/chromium.mjs';
import { openPage, seriousAccessibilityFaults } from './lib/opened-page.mjs';
import { PageConversation } from './lib/page-conversation.mjs';
import { capture, repositoryRoot } from './lib/processes.mjs';
import { startEimServe } from './lib/running-server.mjs';
import { startStaticHost } from './lib/static-host.mjs';

const EIM = join(repositoryRoot, 'apps/cli/bin/eim.mjs');
const CHAT = process.env.EIM_SERVE_MODEL ?? 'apps/server/src/__fixtures__/readme/model';
const PICTURE = join(repositoryRoot, 'apps/cli/test/__fixtures__/red-square.png');
const QUESTION = 'Name three colours.';
const LOOKS = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  narrow: { colorScheme: 'light', viewport: { width: 360, height: 700 } },
};

const scratch = mkdtempSync(join(tmpdir(), 'eim-page-'));
const chromium = findChromium();

async function eim(...words) {
  const { code, stdout, stderr } = await capture(process.execPath, [EIM, ...words], {
    env: { EIM_ENGINE: 'wasm' },
  });
  if (code !== 0) throw new Error(`eim ${words.join(' ')} ends with ${code}: ${stderr}`);
  return stdout.trim();
}

let trained;
/** A run that has learnt a little of captioning. */
const smallRun = () => {
  const settings = ['plan.steps=120', 'plan.batchSize=16', 'data.train=400', 'data.val=40', 'data.test=40'];
  trained ??= eim('train', 'configs/demo-eim.yaml', ...settings, '--out', join(scratch, 'run'));
  return trained.then(() => join(scratch, 'run'));
};

function expectEqual(what, actual, expected) {
  if (JSON.stringify(actual) === JSON.stringify(expected)) return;
  throw new Error(`${what}: ${JSON.stringify(actual)}, and should be ${JSON.stringify(expected)}`);
}

/** Opens a page, does something on it, and looks at what went wrong. */
async function onPage(address, options, action) {
  const opened = await openPage(chromium, address, options);
  try {
    const result = await action(new PageConversation(opened.page), opened);
    expectEqual('faults of the page', opened.faults, []);
    return result;
  } finally {
    await opened.close();
  }
}

async function look(page, name) {
  if (process.env.EIM_SHOTS) await page.screenshot({ path: join(process.env.EIM_SHOTS, `${name}.png`) });
  expectEqual(`axe-core on ${name}`, await seriousAccessibilityFaults(page), []);
}

/** Captions, edits, answers again, keeps what was said, and removes it. */
async function checkServed() {
  const run = await smallRun();
  const caption = await eim('caption', run, PICTURE);
  const server = await startEimServe([run], { env: { EIM_ENGINE: 'wasm' } });
  try {
    for (const [name, options] of Object.entries(LOOKS)) {
      await onPage(server.url, options, async (conversation, { page }) => {
        await conversation.opened();
        await look(page, `${name}-empty`);
        await conversation.drop(PICTURE);
        await look(page, `${name}-picture`);
        expectEqual('the caption', await conversation.ask(''), caption);
        await conversation.press('Edit');
        await page.keyboard.type('a');
        await look(page, `${name}-edited`);
        await page.keyboard.press('Enter');
        const answer = await conversation.lastAnswer();
        await conversation.press('Answer again');
        expectEqual('the answer again', await conversation.lastAnswer(), answer);
        await conversation.press('Settings');
        await look(page, `${name}-settings`);
        await conversation.press('Done');
        await page.waitForTimeout(1000); // what was said is written
        await page.reload();
        await conversation.opened();
        if (name === 'narrow') await conversation.press('Chats');
        await page.getByRole('button', { name: 'a', exact: true }).click();
        expectEqual('the kept answer', await conversation.lastAnswer(), answer);
        await page.locator('.shown-picture').waitFor();
        if (name === 'narrow') await conversation.press('Chats');
        await look(page, `${name}-chats`);
        await conversation.press('Delete “a”');
        expectEqual('chats that are left', await page.locator('.chat-entry').count(), 1);
      });
    }
  } finally {
    await server.stop();
  }
  await checkKey(run);
  return 'captions as `eim caption`, edits, keeps, in light, dark and narrow; axe-core finds nothing serious';
}

/** A server that asks for a key is given one. */
async function checkKey(run) {
  const server = await startEimServe([run], { env: { EIM_ENGINE: 'wasm', EIM_API_KEYS: 'secret' } });
  const opened = await openPage(chromium, server.url);
  try {
    const field = opened.page.getByLabel('This server asks for a key.');
    await field.fill('wrong');
    await opened.page.keyboard.press('Enter');
    await opened.page.locator('.opening .fault').waitFor();
    await look(opened.page, 'key');
    await field.fill('secret');
    await opened.page.keyboard.press('Enter');
    await new PageConversation(opened.page).opened();
  } finally {
    await opened.close();
    await server.stop();
  }
}

async function exported(model, name) {
  const site = join(scratch, name);
  await eim('export', model, '--target', 'web', '--out', site);
  return await startStaticHost(site);
}

/** Captions without a server, on several threads and on one, and without a network. */
async function checkCaptions() {
  const run = await smallRun();
  const caption = await eim('caption', run, PICTURE);
  const host = await exported(run, 'captions');
  const several = Math.min(2, availableParallelism());
  const line = await onPage(
    `${host.url}?engine=wasm&threads=${several}`,
    {},
    async (conversation, { page, context }) => {
      const opened = await conversation.opened();
      if (!opened.includes(several === 1 ? '1 thread ' : `${several} threads`)) throw new Error(opened);
      await conversation.drop(PICTURE);
      expectEqual('the caption in the page', await conversation.ask(''), caption);
      await look(page, 'exported-captions');
      await host.close();
      await context.setOffline(true);
      await page.reload();
      await conversation.opened();
      await conversation.drop(PICTURE);
      expectEqual('the caption without a network', await conversation.ask(''), caption);
      return opened;
    },
  );
  const again = await startStaticHost(join(scratch, 'captions'));
  try {
    await onPage(`${again.url}?engine=wasm&threads=1`, {}, async (conversation) => {
      await conversation.opened();
      await conversation.drop(PICTURE);
      expectEqual('the caption on one thread', await conversation.ask(''), caption);
    });
  } finally {
    await again.close();
  }
  return `captions as Node, also without a network (${line})`;
}

/** Captions on WebGPU, of a processor where there is no GPU. */
async function checkWebgpu() {
  const run = await smallRun();
  const caption = await eim('caption', run, PICTURE);
  const host = await exported(run, 'webgpu');
  const words = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];
  try {
    return await onPage(`${host.url}?engine=webgpu`, { words }, async (conversation) => {
      const opened = await conversation.opened();
      await conversation.drop(PICTURE);
      expectEqual('the caption on WebGPU', await conversation.ask(''), caption);
      return `captions as wasm does (${opened})`;
    });
  } finally {
    await host.close();
  }
}

/** Chats without a server; stops where it is told to. */
async function checkChat() {
  const said = await capture('bash', [
    '-c',
    '"$0" "$1" chat "$2" --engine wasm --max-new-tokens 24 <<< "$3"',
    process.execPath,
    EIM,
    CHAT,
    QUESTION,
  ]);
  if (said.code !== 0) throw new Error(said.stderr);
  const host = await exported(CHAT, 'chat');
  try {
    const seconds = await onPage(`${host.url}?engine=wasm`, {}, async (conversation, { page }) => {
      const started = performance.now();
      await conversation.opened();
      const loaded = (performance.now() - started) / 1000;
      await conversation.press('Settings');
      await page.getByLabel('Longest answer, in tokens').fill('24');
      await conversation.press('Done');
      expectEqual('the answer in the page', await conversation.ask(QUESTION), said.stdout.trim());
      await look(page, 'exported-chat');
      await conversation.press('Settings');
      await page.getByLabel('Longest answer, in tokens').fill('1000');
      await conversation.press('Done');
      await conversation.send('Tell me a long story.');
      await page.getByRole('button', { name: 'Stop' }).waitFor();
      await page.keyboard.press('Escape');
      await conversation.answerEnds();
      return loaded;
    });
    return `answers as \`eim chat\` (open after ${seconds.toFixed(1)} s), and stops`;
  } finally {
    await host.close();
  }
}

const CHECKS = { served: checkServed, captions: checkCaptions, webgpu: checkWebgpu, chat: checkChat };
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in CHECKS));
if (unknown.length > 0 || chromium === undefined) {
  console.error(chromium ? `The checks are ${Object.keys(CHECKS).join(', ')}.` : 'There is no Chromium.');
  process.exit(2);
}
let failed = 0;
try {
  for (const [name, check] of Object.entries(CHECKS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    try {
      console.log(`${name}: ${await check()}`);
    } catch (error) {
      failed++;
      console.log(`${name}: failed: ${error.message}`);
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.exit(failed === 0 ? 0 : 1);
