import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { ADDRESSES, installPackage } from './install-package.js';
import { eim, scratchFolder } from './run-eim.js';
import { encodeBmp } from './solid-picture.js';
import { writeTinyConfig } from './tiny-config.js';

const folder = scratchFolder();
const PLAN = '{ preset: plain, steps: 4, batchSize: 4 }';

/** Captioned pictures of one colour each, and a file of them. */
function writeCaptions(name: string, colours: readonly (readonly [number, number, number])[]): void {
  const home = join(folder, name);
  mkdirSync(join(home, 'images'), { recursive: true });
  const lines = colours.map((colour, index) => {
    writeFileSync(join(home, 'images', `${index}.bmp`), encodeBmp(32, colour));
    const split = index % 4 === 3 ? 'test' : 'train';
    return `${JSON.stringify({ image: `${index}.bmp`, caption: `${name} number ${index}`, split })}\n`;
  });
  writeFileSync(join(home, 'captions.jsonl'), lines.join(''));
}
const shades = (count: number, channel: number) =>
  Array.from({ length: count }, (_, index) => {
    const colour: [number, number, number] = [0, 0, 0];
    colour[channel] = 20 * index;
    return colour;
  });

interface Line {
  readonly loss?: number;
}
const stepsOf = (run: string) =>
  readFileSync(join(run, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .filter((line) => typeof (JSON.parse(line) as Line).loss === 'number').length;

test('a mixture of two data sets trains and is scored', async () => {
  writeCaptions('reds', shades(8, 0));
  writeCaptions('blues', shades(4, 2));
  const part = (name: string, more = '') => `{ use: captions, path: ${name}, validationShare: 0${more} }`;
  const data = `data: { use: mixture, of: [${part('reds')}, ${part('blues', ', weight: 3')}] }\n`;
  const run = join(folder, 'mixture-run');
  const config = writeTinyConfig(folder, { name: 'mixture', data, plan: PLAN });
  expect(await eim(['train', config, '--out', run])).toMatchObject({ code: 0, out: `${run}\n` });
  expect(stepsOf(run)).toBe(4);
  const saved = parse(readFileSync(join(run, 'config.yaml'), 'utf8')).data;
  expect(saved).toMatchObject({ use: 'mixture', order: 'mixed', of: [{ weight: 1 }, { weight: 3 }] });
  const scored = await eim(['eval', run, '--json']);
  expect(scored.code, scored.err).toBe(0);
  expect(JSON.parse(scored.out)).toMatchObject({ split: 'test', images: 3, CIDEr: expect.any(Number) });
}, 60_000);

/** A data set of drawn pictures from a package that the command has never heard of. */
function installDataset(): void {
  installPackage(
    folder,
    '@acme/data',
    `const { z } = await import(${ADDRESSES.zod});
    const optionsSchema = z.strictObject({
      list: z.string().min(1),
      count: z.int().min(1).default(6),
      tone: z.enum(['warm', 'cold']).default('warm'),
    });
    const { readFile } = await import('node:fs/promises');
    const create = async ({ list, count, tone }) => {
      const words = (await readFile(list, 'utf8')).trim().split('\\n');
      const picture = (split, index) => ({
        source: \`acme \${split} \${index}\`,
        fingerprint: \`acme \${split} \${tone} \${index}\`,
        load: async () => ({ width: 32, height: 32, data: new Uint8Array(32 * 32 * 3).fill(10 * index) }),
      });
      const rows = (split) =>
        Array.from({ length: count }, (_, index) => ({
          id: \`\${split}-\${index}\`,
          picture: picture(split, index),
          prompt: '',
          answers: [\`\${tone} \${words[index % words.length]}\`],
        }));
      return { name: 'acme', splits: ['train', 'test'], split: rows, notes: ['drawn, not photographed'] };
    };
    export default {
      contractVersion: 1,
      name: '@acme/data',
      datasets: { entry: { presets: { cold: { tone: 'cold' } }, optionsSchema, pathOptions: ['list'], create } },
    };`,
  );
  writeFileSync(join(folder, 'words.txt'), 'ember\nflame\n');
}

test("a package's data set trains by its name, with options and paths of the config", async () => {
  installDataset();
  const data = "data: { use: '@acme/data/entry', preset: cold, options: { list: words.txt, count: 5 } }\n";
  const config = writeTinyConfig(folder, { name: 'acme', data, plan: PLAN });
  const run = join(folder, 'acme-run');
  const trained = await eim(['train', config, '--out', run], { folder: join(folder, '..') });
  expect(trained).toMatchObject({ code: 0, out: `${run}\n` });
  expect(trained.err).toContain('Data: drawn, not photographed');
  expect(stepsOf(run)).toBe(4);
  // The run has every option, and paths that hold from any folder.
  const saved = parse(readFileSync(join(run, 'config.yaml'), 'utf8')).data;
  expect(saved.options).toEqual({ list: join(folder, 'words.txt'), count: 5, tone: 'cold' });
  const scored = await eim(['eval', run, '--json']);
  expect(scored.code, scored.err).toBe(0);
  const record = JSON.parse(readFileSync(join(run, 'evaluation-test.json'), 'utf8'));
  expect(record.captions.map(({ image_id }: { image_id: string }) => image_id)).toEqual(
    Array.from({ length: 5 }, (_, index) => `test-${index}`),
  );
}, 60_000);

test('mistakes in the options of data sets are told all at once, with line and column', async () => {
  installDataset();
  const data = `data:
  use: mixture
  of:
    - { use: captions, path: reds, validationShare: 2 }
    - use: '@acme/data/entry'
      options:
        list: words.txt
        cuont: 3
        tone: loud
    - { use: capptions, path: blues }
`;
  const config = writeTinyConfig(folder, { name: 'wrong', data, plan: PLAN });
  const run = join(folder, 'wrong-run');
  const refused = await eim(['train', config, '--out', run, '--json']);
  expect([refused.code, refused.out]).toEqual([2, '']);
  const { code, data: told } = JSON.parse(refused.err).error;
  expect(code).toBe('invalid-config');
  const first = readFileSync(config, 'utf8').split('\n').indexOf('  use: mixture') + 1;
  const at = (line: number, column: number) => `${config}:${first + line}:${column}`;
  expect(told.issues).toEqual([
    { at: at(2, 53), path: 'data.of.0.validationShare', message: expect.stringContaining('<1') },
    { at: at(7, 15), path: 'data.of.1.options.tone', message: expect.stringContaining('warm') },
    { at: at(6, 9), path: 'data.of.1.options.cuont', message: expect.stringContaining('"count"') },
    { at: at(8, 14), path: 'data.of.2.use', message: expect.stringContaining("'capptions'") },
  ]);
});
