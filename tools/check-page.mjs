/**
 * The chat page in a headless Chromium: served by `eim serve`, and exported by `eim export --target web`, where it answers as
 * Node does on the same engine. Nothing may be asked of other origins, refused by the content security policy, or found
 * serious by axe-core.
 *
 *     node tools/check-page.mjs [served captions places webgpu chat]
 *
 * EIM_SERVE_MODEL names a chat model, else a tiny one of random weights answers; EIM_SHOTS a folder for pictures of the page.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { chromium, expectEqual, look, onPage } from './lib/on-page.mjs';
import { openPage } from './lib/opened-page.mjs';
import { PageConversation } from './lib/page-conversation.mjs';
import { EIM, eim, exported, removeModels, smallRun } from './lib/page-models.mjs';
import { capture, repositoryRoot } from './lib/processes.mjs';
import { startEimServe } from './lib/running-server.mjs';
import { startStaticHost } from './lib/static-host.mjs';

const CHAT = process.env.EIM_SERVE_MODEL ?? 'apps/server/src/__fixtures__/readme/model';
const PICTURE = join(repositoryRoot, 'apps/cli/test/__fixtures__/red-square.png');
const QUESTION = 'Name three colours.';
const LOOKS = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  narrow: { colorScheme: 'light', viewport: { width: 360, height: 700 } },
};

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
  const again = await startStaticHost(host.folder);
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

/** One question about a picture, answered greedily by the terminal, the server, its page, and a page without a server. */
async function checkPlaces() {
  const run = await smallRun();
  const question = 'a large';
  const spoken = await capture(process.execPath, [EIM, 'chat', run, PICTURE, '--engine', 'wasm'], {
    input: `${question}\n`,
  });
  if (spoken.code !== 0) throw new Error(spoken.stderr);
  const expected = spoken.stdout.trim();
  const ask = (address) =>
    onPage(address, {}, async (conversation) => {
      await conversation.opened();
      await conversation.drop(PICTURE);
      return await conversation.ask(question);
    });
  const server = await startEimServe([run], { env: { EIM_ENGINE: 'wasm' } });
  try {
    const picture = `data:image/png;base64,${readFileSync(PICTURE).toString('base64')}`;
    const content = [
      { type: 'image_url', image_url: { url: picture } },
      { type: 'text', text: question },
    ];
    const response = await fetch(`${server.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        model: server.models[0],
        temperature: 0,
        messages: [{ role: 'user', content }],
      }),
    });
    expectEqual(
      'the answer of the server',
      (await response.json()).choices[0].message.content.trim(),
      expected,
    );
    expectEqual('the answer of its page', await ask(server.url), expected);
  } finally {
    await server.stop();
  }
  const host = await exported(run, 'places');
  try {
    expectEqual('the answer of the exported page', await ask(`${host.url}?engine=wasm`), expected);
  } finally {
    await host.close();
  }
  return `"${expected}" to "${question}" in terminal, server, page and export`;
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

const CHECKS = {
  served: checkServed,
  captions: checkCaptions,
  places: checkPlaces,
  webgpu: checkWebgpu,
  chat: checkChat,
};
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
  removeModels();
}
process.exit(failed === 0 ? 0 : 1);
