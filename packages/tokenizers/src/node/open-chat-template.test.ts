import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openChatTemplate } from './open-chat-template.js';

const scratch = mkdtempSync(join(tmpdir(), 'eim-chat-'));
afterAll(() => rmSync(scratch, { recursive: true }));
let count = 0;
function folder(files: Readonly<Record<string, unknown>>): string {
  const path = join(scratch, String(count++));
  mkdirSync(join(path, 'additional_chat_templates'), { recursive: true });
  for (const [name, contents] of Object.entries(files)) {
    writeFileSync(join(path, name), typeof contents === 'string' ? contents : JSON.stringify(contents));
  }
  return path;
}

test('chat_template.jinja counts over chat_template.json, and that over tokenizer_config.json', async () => {
  const config = {
    'tokenizer_config.json': { chat_template: 'config {{ bos_token }}', bos_token: { content: '<b>' } },
  };
  const json = { ...config, 'chat_template.json': { chat_template: 'json' } };
  const jinja = { ...json, 'chat_template.jinja': 'jinja\n', 'additional_chat_templates/rag.jinja': 'rag' };
  expect((await openChatTemplate(folder(config))).render([])).toBe('config <b>');
  expect((await openChatTemplate(folder(json))).render([])).toBe('json');
  const template = await openChatTemplate(join(folder(jinja), 'tokenizer_config.json'));
  expect(template.names).toEqual(['default', 'rag']);
  expect([template.render([]), template.render([], { name: 'rag' })]).toEqual(['jinja', 'rag']);
});

test('named templates of a config, and the tokens that its class knows', async () => {
  const named = [
    { name: 'default', template: '{{ bos_token }}{{ eos_token }}{{ pad_token }}' },
    { name: 'tool_use', template: 't' },
  ];
  const config = { tokenizer_class: 'LlamaTokenizerFast', chat_template: named, eos_token: '<e>' };
  const template = await openChatTemplate(folder({ 'tokenizer_config.json': config }));
  expect(template.render([])).toBe('<s><e>');
  expect(template.render([], { name: 'tool_use' })).toBe('t');
  const tools = folder({ 'tokenizer_config.json': { chat_template: [named[1]] } });
  const alone = await openChatTemplate(tools);
  expect(() => alone.render([])).toThrow(/has no chat template "default"; it has: "tool_use"/);
});

test('a folder without one, or with a damaged one, is refused by name', async () => {
  await expect(openChatTemplate(folder({}))).rejects.toThrow(
    /holds no chat template. Expected chat_template\.jinja/,
  );
  await expect(openChatTemplate(folder({ 'tokenizer_config.json': '{' }))).rejects.toThrow(/not valid JSON/);
  await expect(openChatTemplate(folder({ 'tokenizer_config.json': { chat_template: 3 } }))).rejects.toThrow(
    /`chat_template` is no text/,
  );
});
