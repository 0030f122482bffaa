import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eim, scratchFolder } from './run-eim.js';

const folder = scratchFolder();
const fixture = join(import.meta.dirname, '__fixtures__/clip-score');
const expected = JSON.parse(readFileSync(join(fixture, 'expected.json'), 'utf8'));
const write = (name: string, value: unknown) => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(value));
  return path;
};
const captions = [
  '--candidates',
  write('candidates.json', expected.candidates),
  '--references',
  write('references.json', expected.references),
];
const score = (...options: string[]) =>
  eim(['score', 'coco-caption', ...captions, '--json', ...options], {
    environment: { EIM_METEOR: '', EIM_SPICE: '', EIM_CLIP: '' },
  });
const clip = ['--clip', join(fixture, 'clip')];

test('CLIPScore and RefCLIPScore equal those of transformers by the official formulas', async () => {
  const { code, out } = await score(...clip, '--pictures', join(fixture, 'pictures'));
  expect(code).toBe(0);
  const document = JSON.parse(out);
  expect(document.CLIPScore).toBeCloseTo(expected.CLIPScore, 4);
  expect(document.RefCLIPScore).toBeCloseTo(expected.RefCLIPScore, 4);
  expect(document.absent).not.toHaveProperty('CLIPScore');
});

test('without a CLIP or pictures both are absent with the reason', async () => {
  const without = JSON.parse((await score()).out);
  expect(without.absent).toMatchObject({
    CLIPScore: expect.stringContaining('--clip SPEC'),
    RefCLIPScore: expect.stringContaining('--clip SPEC'),
  });
  expect(without).not.toHaveProperty('CLIPScore');
  const blind = JSON.parse((await score(...clip)).out);
  expect(blind.absent.CLIPScore).toContain('--pictures DIR');
});

test('a picture or a vocabulary that is not there is named, and nothing is printed', async () => {
  const some = join(folder, 'some');
  mkdirSync(some);
  copyFileSync(join(fixture, 'pictures/1.png'), join(some, '1.png'));
  const missing = await score(...clip, '--pictures', some);
  expect(missing).toMatchObject({ code: 2, out: '', err: expect.stringContaining('no picture of 22') });
  const bare = join(folder, 'bare');
  mkdirSync(bare);
  for (const name of ['config.json', 'model.safetensors', 'preprocessor_config.json']) {
    copyFileSync(join(fixture, 'clip', name), join(bare, name));
  }
  const noWords = await score('--clip', bare, '--pictures', join(fixture, 'pictures'));
  expect(noWords).toMatchObject({ code: 2, out: '', err: expect.stringContaining('--clip-tokenizer') });
  const vocabulary = ['--clip-tokenizer', join(fixture, 'clip')];
  const named = await score('--clip', bare, ...vocabulary, '--pictures', join(fixture, 'pictures'));
  expect(JSON.parse(named.out).CLIPScore).toBeCloseTo(expected.CLIPScore, 4);
});
