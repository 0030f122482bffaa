import { EimError } from '@eim/contracts';
import { expect, test, vi } from 'vitest';
import { runCommandLine } from '../main.js';
import { defineCommand, type Invocation } from './define-command.js';

const seen = vi.fn();
const paint = defineCommand({
  name: 'paint',
  summary: 'Paint a picture.',
  arguments: [
    { name: 'PICTURE', description: 'what to paint' },
    { name: 'COLOUR', description: 'with what', many: true, optional: true },
  ],
  options: {
    json: { type: 'flag', description: 'print JSON' },
    brushSize: { type: 'integer', placeholder: 'N', description: 'width of the brush', minimum: 1 },
    out: { type: 'text', short: 'o', placeholder: 'FILE', description: 'where to' },
  },
  examples: [{ command: 'eim paint sunset', meaning: 'paint a sunset' }],
  run: async ({ positionals, options }: Invocation<{ json: boolean; brushSize?: number; out?: string }>) => {
    seen(positionals, options);
    if (positionals[0] === 'nothing')
      throw new EimError({ code: 'invalid-argument', message: 'No.', advice: 'Try.' });
    if (positionals[0] === 'fails')
      throw new EimError({ code: 'storage-failed', message: 'The disk is full.' });
    if (positionals[0] === 'stops') throw new EimError({ code: 'interrupted', message: 'Stopped.' });
    if (positionals[0] === 'bug') throw new TypeError('x is undefined');
    if (positionals[0] === 'file') throw Object.assign(new Error(), { code: 'ENOENT', path: '/a/b.json' });
  },
});
const score = { ...paint, name: 'score coco', arguments: [] };

async function eim(...words: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const terminal = {
    stdout: { write: (text: string) => out.push(text) },
    stderr: { write: (text: string) => err.push(text) },
    environment: {},
    workingFolder: '/',
  };
  seen.mockClear();
  const code = await runCommandLine(words, terminal, [paint, score]);
  return { code, out: out.join(''), err: err.join('') };
}

test('options and arguments reach the command', async () => {
  expect(await eim('paint', 'sunset', '--brush-size', '3', 'red=1', '--out=a.png', 'blue')).toEqual({
    code: 0,
    out: '',
    err: '',
  });
  expect(seen).toHaveBeenCalledWith(['sunset', 'red=1', 'blue'], { json: false, brushSize: 3, out: 'a.png' });
  await eim('paint', 'sunset', '-o', 'b.png');
  expect(seen).toHaveBeenCalledWith(['sunset'], expect.objectContaining({ out: 'b.png' }));
  await eim('score', 'coco');
  expect(seen).toHaveBeenCalledWith([], { json: false, brushSize: undefined, out: undefined });
  await eim('paint', '--', '--odd-name');
  expect(seen).toHaveBeenCalledWith(['--odd-name'], expect.anything());
});

test.each([
  [['pant'], 'Unknown command "pant". Did you mean `eim paint`?'],
  [['zzz'], 'Unknown command "zzz". See `eim --help`.'],
  [['paint'], 'needs PICTURE: what to paint.'],
  [
    ['paint', 'x', '--brushsize', '3'],
    'Unknown option --brushsize of `eim paint`. Did you mean --brush-size?',
  ],
  [['paint', 'x', '-b'], 'Unknown option -b'],
  [['paint', 'x', '--brush-size', 'wide'], '--brush-size takes a whole number of at least 1, got "wide".'],
  [['paint', 'x', '--brush-size', '0'], 'at least 1'],
  [['paint', 'x', '--out'], '--out needs a value. Write --out FILE.'],
  [['paint', 'x', '--json=1'], '--json takes no value'],
  [['score'], '`eim score` needs to know what to do: `eim score coco`.'],
  [['score', 'cocoa'], '`eim score` does not know "cocoa": `eim score coco`.'],
  [['score', 'coco', 'extra'], 'does not know what to do with "extra"'],
])('a mistake in %j exits 2 with one message', async (words, message) => {
  const { code, out, err } = await eim(...words);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain(message);
  expect(err.trim().split('\n')).toHaveLength(1);
});

test.each([
  ['score', '--help'],
  ['score', '-h'],
  ['help', 'score'],
])('the first word of several commands has a help of its own: %s %s', async (...words) => {
  const { code, out } = await eim(...words);
  expect(code).toBe(0);
  expect(out).toContain('Usage: eim score COMMAND');
  expect(out).toContain('score coco');
  expect(out).not.toContain('paint  ');
});

test('exit codes and messages follow the error', async () => {
  expect(await eim('paint', 'nothing')).toEqual({ code: 2, out: '', err: 'eim: No. Try.\n' });
  expect(await eim('paint', 'fails')).toEqual({ code: 1, out: '', err: 'eim: The disk is full.\n' });
  expect(await eim('paint', 'stops')).toEqual({ code: 130, out: '', err: 'Stopped.\n' });
  expect(await eim('paint', 'file')).toMatchObject({
    code: 2,
    err: 'eim: /a/b.json does not exist. Check the path.\n',
  });
  const { code, err } = await eim('paint', 'bug');
  expect(code).toBe(1);
  expect(err).toContain('x is undefined');
  expect(err).not.toMatch(/\n\s+at /);
});

test('with --json an error is one JSON document on standard error', async () => {
  const { code, out, err } = await eim('paint', 'nothing', '--json');
  expect([code, out]).toEqual([2, '']);
  expect(JSON.parse(err)).toEqual({
    error: { code: 'invalid-argument', message: 'No. Try.', advice: 'Try.', data: {} },
  });
});

test('help shows usage, options and an example', async () => {
  for (const words of [
    ['paint', '--help'],
    ['paint', '-h'],
    ['help', 'paint'],
  ]) {
    const { code, out, err } = await eim(...words);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('Usage: eim paint PICTURE [COLOUR...] [options]');
    expect(out).toContain('--brush-size N');
    expect(out).toContain('eim paint sunset');
  }
  expect((await eim()).out).toContain('score coco');
  expect((await eim('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/);
});
