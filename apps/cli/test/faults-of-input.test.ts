import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eim, REPOSITORY, scratchFolder } from './run-eim.js';
import { writeTinyConfig } from './tiny-config.js';

const folder = scratchFolder();
const PICTURE = join(REPOSITORY, 'apps/cli/test/__fixtures__/red-square.png');

/** A COCO folder of four pictures; `change` spoils it. */
function pictures(
  name: string,
  change: (set: { annotations: Record<string, unknown>[] }, images: string) => void,
) {
  const root = join(folder, name);
  const images = join(root, 'images');
  mkdirSync(images, { recursive: true });
  const ids = [1, 2, 3, 4, 5, 6];
  for (const id of ids) cpSync(PICTURE, join(images, `${id}.png`));
  const set = {
    images: ids.map((id) => ({
      id,
      file_name: `${id}.png`,
      split: id < 5 ? 'train' : id < 6 ? 'val' : 'test',
    })),
    annotations: ids.map(
      (id): Record<string, unknown> => ({ id, image_id: id, caption: `a red square, number ${id}` }),
    ),
  };
  change(set, images);
  writeFileSync(join(root, 'captions.json'), JSON.stringify(set));
  return writeTinyConfig(folder, {
    name,
    data: `data: { use: captions, path: ${root} }\n`,
    plan: '{ preset: plain, steps: 3, batchSize: 2 }',
  });
}

const train = (config: string, ...words: string[]) =>
  eim(['train', config, ...words, '--out', `${config}.run`]);

async function refused(promise: ReturnType<typeof eim>): Promise<string> {
  const { code, out, err } = await promise;
  expect([code, out]).toEqual([2, '']);
  expect(err).not.toMatch(/\n\s+at /);
  return err;
}

test('a missing picture is named with the entry that names it', async () => {
  const config = pictures('missing', (_, images) => rmSync(join(images, '3.png')));
  const message = await refused(train(config));
  expect(message).toContain(join(folder, 'missing/images/3.png'));
  expect(message).toContain('images[2]');
});

test('a broken picture is named', async () => {
  const config = pictures('broken', (_, images) => writeFileSync(join(images, '2.png'), 'not a picture'));
  expect(await refused(train(config))).toContain(join(folder, 'broken/images/2.png'));
});

test('a caption file with wrong fields is told with file, entry and field, all at once', async () => {
  const config = pictures('fields', ({ annotations }) => {
    annotations[1] = { id: 2, image_id: 2, text: 'no caption' };
    annotations[3] = { id: 4, image_id: 77, caption: 'of no picture' };
  });
  const message = await refused(train(config));
  expect(message).toContain('captions.json');
  expect(message).toContain('annotations[1].caption');
  expect(message).toContain('annotations[3].image_id');
});

test('an unknown config key, a wrong option of a part and a wrong override are told with their places', async () => {
  const config = writeTinyConfig(folder, { name: 'keys', plan: '{ preset: plain, stepz: 6 }' });
  const message = await refused(train(config));
  expect(message).toMatch(/keys\.yaml:\d+:\d+: plan\.stepz: is not a known key/);
  const option = await refused(train(writeTinyConfig(folder), 'model.llm.options.hiddenSise=16'));
  expect(option).toContain('override model.llm.options.hiddenSise=16');
  expect(option).toContain('did you mean "hiddenSize"?');
  const preset = await refused(train(writeTinyConfig(folder), 'model.encoder.preset=huge'));
  expect(preset).toMatch(/model\.encoder\.preset: .* has no preset 'huge'; it has tiny/);
});

test('parts that do not fit are named with both numbers', async () => {
  const message = await refused(train(writeTinyConfig(folder), 'model.llm.options.contextLength=20'));
  expect(message).toContain('@eim/st-adapters');
  expect(message).toContain('@eim/llm-gpt2');
  expect(message).toContain('has 20');
});

test('a package that is not there is named with where it was looked for', async () => {
  const message = await refused(train(writeTinyConfig(folder), "model.encoder.use='@acme/eyes'"));
  expect(message).toContain("'@acme/eyes' is not installed; looked in");
});

test('an engine asked for by name that cannot start is no silent fall-back', async () => {
  const config = writeTinyConfig(folder);
  const message = await refused(train(config, '--engine', 'node-gpu'));
  expect(message).toContain("The engine 'node-gpu' cannot start");
  expect(await refused(train(config, '--engine', 'quantum'))).toContain('There is no engine "quantum"');
});
