import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eim, SHARED_DATA, scratchFolder } from './run-eim.js';

const folder = scratchFolder();
const write = (name: string, value: unknown) => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(value));
  return path;
};
const score = (candidates: string, references: string, ...options: string[]) =>
  eim(['score', 'coco-caption', '--candidates', candidates, '--references', references, ...options]);

const candidates = write('candidates.json', [
  { image_id: 1, caption: 'A red square above a blue circle.' },
  { image_id: 2, caption: 'a dog' },
]);
const references = write('references.json', {
  1: ['a red square above a blue circle', 'red square over a circle'],
  2: ['A cat sleeps.', 'a cat', 'the cat is asleep'],
});

test('prints COCO keys and counts as one JSON document, and nothing else', async () => {
  const { code, out, err } = await score(candidates, references, '--json');
  expect([code, err]).toEqual([0, '']);
  const document = JSON.parse(out);
  expect(Object.keys(document)).toEqual([
    'Bleu_1',
    'Bleu_2',
    'Bleu_3',
    'Bleu_4',
    'ROUGE_L',
    'CIDEr',
    'images',
    'candidates',
    'referencesPerImage',
  ]);
  expect(document).toMatchObject({
    images: 2,
    candidates: 2,
    referencesPerImage: { min: 2, mean: 2.5, max: 3 },
  });
});

test('a mistake names its file and exits 2 with nothing on standard output', async () => {
  const unknown = write('unknown.json', [{ image_id: 9, caption: 'x' }]);
  const twice = write('twice.json', [
    { image_id: 1, caption: 'x' },
    { image_id: '1', caption: 'y' },
  ]);
  const one = write('one.json', { 1: 'a red square' });
  const cases: [string, RegExp][] = [
    [unknown, /pictures that the references do not have: 9/],
    [twice, /twice\.json: \[1\]\.image_id names picture 1 a second time/],
    [one, /1 of 2 pictures have no candidate caption: 2/],
    [join(folder, 'absent.json'), /absent\.json does not exist/],
  ];
  for (const [file, message] of cases) {
    const { code, out, err } = await score(file, references);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n\s+at /);
  }
  expect(JSON.parse((await score(one, references, '--subset', '--json')).out)).toMatchObject({ images: 1 });
});

const published = join(SHARED_DATA, 'coco-caption');
test.skipIf(!existsSync(published))(
  `reaches the published scores of 1,000 captions (needs ${published})`,
  async () => {
    const files = ['captions_val2014_fakecap_results.json', 'fakecap_1000_tokenized_refs_spice_input.json'];
    const [results, tokenised] = files.map((name) => join(published, name));
    const { code, out, err } = await score(results!, tokenised!, '--pretokenized', '--json');
    expect([code, err]).toEqual([0, '']);
    const document = JSON.parse(out);
    const digits = (value: number) => Math.round(value * 1e4) / 1e4;
    expect([1, 2, 3, 4].map((order) => digits(document[`Bleu_${order}`]))).toEqual([
      0.5794, 0.4044, 0.2785, 0.1908,
    ]);
    expect([digits(document.ROUGE_L), digits(document.CIDEr)]).toEqual([0.3963, 0.5998]);
    expect(document).toMatchObject({
      images: 1000,
      candidates: 1000,
      referencesPerImage: { min: 5, mean: 5.005, max: 6 },
    });
  },
);

const annotations = join(published, 'captions_val2017.json');
test.skipIf(!existsSync(annotations))(`reads COCO's own annotation file (needs ${annotations})`, async () => {
  const { annotations: rows } = JSON.parse(readFileSync(annotations, 'utf8'));
  const first = new Map<number, string>(
    rows.map(({ image_id, caption }: { image_id: number; caption: string }) => [image_id, caption]),
  );
  const own = write(
    'own.json',
    [...first].slice(0, 200).map(([image_id, caption]) => ({ image_id, caption })),
  );
  const { code, out } = await score(own, annotations, '--subset', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ images: 200, Bleu_4: expect.closeTo(1, 6) });
});
