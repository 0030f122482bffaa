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
  eim(['score', 'coco-caption', '--candidates', candidates, '--references', references, ...options], {
    environment: { EIM_METEOR: '', EIM_SPICE: '', EIM_CLIP: '' },
  });

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
    'CIDEr-D',
    'images',
    'candidates',
    'referencesPerImage',
    'absent',
    'notes',
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

test('METEOR and SPICE are absent with the reason, never another number', async () => {
  const { out } = await score(candidates, references, '--json');
  const document = JSON.parse(out);
  expect(document).not.toHaveProperty('METEOR');
  expect(document).not.toHaveProperty('SPICE');
  expect(document.absent).toEqual({
    METEOR: expect.stringContaining('--meteor PATH or EIM_METEOR'),
    SPICE: expect.stringContaining('--spice PATH or EIM_SPICE'),
    CLIPScore: expect.stringContaining('--clip SPEC or EIM_CLIP'),
    RefCLIPScore: expect.stringContaining('--clip SPEC or EIM_CLIP'),
  });
  const nowhere = await score(candidates, references, '--meteor', folder);
  expect(nowhere).toMatchObject({ code: 2, out: '', err: expect.stringContaining('english.synsets') });
  const spice = await score(candidates, references, '--spice', folder);
  expect(spice).toMatchObject({ code: 2, out: '', err: expect.stringContaining('spice-1.0.jar') });
});

test('faults of a file are named with their place', async () => {
  const text = (name: string, contents: string | Uint8Array) => {
    writeFileSync(join(folder, name), contents);
    return join(folder, name);
  };
  const latin = Uint8Array.of(
    ...new TextEncoder().encode('{"1": "caf'),
    0xe9,
    ...new TextEncoder().encode('"}'),
  );
  const cases: [string, RegExp][] = [
    [
      text('cut.json', '[{"image_id": 1, "caption": "a red\n'),
      /cut\.json: the JSON ends in the middle, at line 2/,
    ],
    [text('latin.json', latin), /latin\.json: line 1 is not UTF-8/],
    [text('key-twice.json', '{"1": "a",\n"1": "b"}'), /key-twice\.json: line 2 has "1" a second time/],
    [text('number.json', '{"1": 5}'), /number\.json: \["1"\] is 5, not a caption/],
  ];
  for (const [file, message] of cases) {
    const { code, out, err } = await score(file, references);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  }
  const long = write('long.json', { 1: 'a red square '.repeat(80_000), 2: '' });
  expect(JSON.parse((await score(long, references, '--json')).out)).toMatchObject({ images: 2 });
});

test("a split of Karpathy's json is scored alone", async () => {
  const karpathy = write('karpathy.json', {
    images: [
      { cocoid: 1, split: 'test', sentences: [{ raw: 'A red square.' }] },
      { cocoid: 2, split: 'restval', sentences: [{ raw: 'A dog.' }] },
      { cocoid: 3, split: 'train', sentences: [{ raw: 'A cat.' }] },
    ],
  });
  const own = write('own-split.json', { 2: 'a dog', 3: 'a cat' });
  const { out } = await score(own, karpathy, '--split', 'train', '--json');
  expect(JSON.parse(out)).toMatchObject({ images: 2, Bleu_1: expect.closeTo(1, 6) });
  const unknown = await score(own, karpathy, '--split', 'tset');
  expect(unknown).toMatchObject({ code: 2, err: expect.stringContaining('only of test, restval, train') });
});

test.skipIf(!existsSync(published))(
  `METEOR of 1,000 captions by the word lists alone (needs ${published})`,
  async () => {
    const files = ['captions_val2014_fakecap_results.json', 'fakecap_1000_tokenized_refs_spice_input.json'];
    const [results, tokenised] = files.map((name) => join(published, name));
    const lists = join(published, 'meteor-resources');
    const { out } = await score(results!, tokenised!, '--pretokenized', '--meteor', lists, '--json');
    const { METEOR, notes } = JSON.parse(out);
    expect(METEOR).toBeCloseTo(0.18967223242926706, 12);
    expect(notes).toEqual([expect.stringContaining('paraphrase-en.gz')]);
  },
);

const jar = process.env.EIM_METEOR;
test.skipIf(!existsSync(published) || !jar)(
  `METEOR of 1,000 captions with paraphrases (needs ${published} and EIM_METEOR)`,
  async () => {
    const files = ['captions_val2014_fakecap_results.json', 'fakecap_1000_tokenized_refs_spice_input.json'];
    const [results, tokenised] = files.map((name) => join(published, name));
    const { out } = await score(results!, tokenised!, '--pretokenized', '--meteor', jar!, '--json');
    expect(JSON.parse(out).METEOR.toFixed(5)).toBe('0.19525');
  },
  120_000,
);
