import { expect, test } from 'vitest';
import fixture from './__fixtures__/chats.json' with { type: 'json' };
import { type ChatMessage, createChatTemplate } from './chat-template.js';
import { configChatTemplates, ggufChatTemplates } from './chat-template-sources.js';
import { formatTime } from './format-time.js';

interface Row {
  readonly template: string;
  readonly chat: number;
  readonly prompt: boolean;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly text?: string;
  readonly fault?: string;
}

const { variables, rows } = fixture as unknown as { variables: Record<string, unknown>; rows: Row[] };
const chats = fixture.chats as unknown as ChatMessage[][];
const templates = new Map(Object.entries(fixture.templates));
const template = createChatTemplate({ templates, variables, origin: 'the fixture' });
const now = new Date(fixture.now);

test.each(rows.map((row) => [`${row.template}, ${row.chat}`, row] as const))(
  'renders as transformers does: %s',
  (_, row) => {
    const options = { name: row.template, addGenerationPrompt: row.prompt, variables: row.variables, now };
    const render = () => template.render(chats[row.chat]!, options);
    if (row.fault === undefined) expect(render()).toBe(row.text);
    else expect(render).toThrow(/^The chat template of the fixture (fails|refuses the messages): /);
  },
);

test('what a template and its messages have wrong is told by name', () => {
  const make = (text: string) =>
    createChatTemplate({ templates: new Map([['default', text]]), variables: {}, origin: 'x' });
  expect(() => make('{% for m in messages %}').render([])).toThrow(
    /^The chat template of x cannot be read: /,
  );
  expect(() => make("{{ raise_exception('No system') }}").render([])).toThrow(
    'The chat template of x refuses the messages: No system.',
  );
  expect(() => make('{{ messages.a.b.c + 1 }}').render([])).toThrow(/^The chat template of x fails: /);
  expect(() => make("{{ strftime_now('%Q') }}").render([])).toThrow(/strftime_now does not know %Q/);
  expect(() => make('{% for i in range(10000000) %}{% endfor %}').render([])).toThrow(/range of more than/);
  expect(() => make('{{ messages }}').render([{ role: 'user' }])).toThrow(/a list or an object is written/);
  expect(() => make('a').render([], { name: 'tool_use' })).toThrow(
    /x has no chat template "tool_use".*"default"/,
  );
});

test('a GGUF file names its templates and the tokens that they name', () => {
  const metadata = {
    'tokenizer.chat_template': '{{ bos_token }}a{{ eos_token }}',
    'tokenizer.chat_template.tool_use': 'tools',
    'tokenizer.ggml.tokens': ['<s>', '</s>'],
    'tokenizer.ggml.bos_token_id': 0,
    'tokenizer.ggml.eos_token_id': 1,
  };
  const made = createChatTemplate(ggufChatTemplates(metadata, 'model.gguf')!);
  expect(made.names).toEqual(['default', 'tool_use']);
  expect(made.render([])).toBe('<s>a</s>');
  expect(made.render([], { name: 'tool_use' })).toBe('tools');
  expect(ggufChatTemplates({ general: 1 }, 'model.gguf')).toBeUndefined();
  expect(() => ggufChatTemplates({ 'tokenizer.chat_template': 3 }, 'model.gguf')).toThrow(
    /model\.gguf: `tokenizer\.chat_template` is no text/,
  );
});

test('a config holds one template, or a list of named ones', () => {
  expect(configChatTemplates('a', 'x').get('default')).toBe('a');
  const named = [
    { name: 'default', template: 'a' },
    { name: 'rag', template: 'b' },
  ];
  expect([...configChatTemplates(named, 'x')]).toEqual([
    ['default', 'a'],
    ['rag', 'b'],
  ]);
  expect(configChatTemplates(undefined, 'x').size).toBe(0);
  expect(() => configChatTemplates([{ name: 'a' }], 'x')).toThrow(
    /x: `chat_template\[0\]\.template` is no text/,
  );
});

test('times are written as Python writes them', () => {
  const time = new Date(2024, 6, 6, 15, 4, 9);
  expect(formatTime(time, '%d %b %Y|%A %B %-d|%H:%M:%S|%I %p|%j|%y %m %e %%')).toBe(
    '06 Jul 2024|Saturday July 6|15:04:09|03 PM|188|24 07  6 %',
  );
});
