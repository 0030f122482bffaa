import { EimError } from '@eim/contracts';
import { parseJson } from '@eim/contracts/json';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cocoCaptionBenchmark } from './coco-caption-benchmark.js';
import { pairCaptions } from './pair-captions.js';
import { readCandidates } from './read-candidates.js';
import { readReferences } from './read-references.js';
import { type CocoCaptionRequest, scoreCocoCaption } from './score-coco-caption.js';

const captions = { '1': ['A cat sits.', 'A cat on a mat.'], '2': ['Two dogs run.'] };
const candidates = [
  { image_id: 1, caption: 'a cat on a mat' },
  { image_id: '2', caption: 'dogs' },
];

function score(candidateJson: unknown, referenceJson: unknown, options: Partial<CocoCaptionRequest> = {}) {
  return scoreCocoCaption({
    candidates: { file: 'c.json', json: candidateJson },
    references: { file: 'r.json', json: referenceJson },
    ...options,
  });
}

function fault(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(EimError.isInstance(error)).toBe(true);
    expect((error as EimError).isUserMistake).toBe(true);
    return (error as EimError).message;
  }
  return expect.fail('nothing was refused');
}

test('every layout of references and of candidates gives the same scores', () => {
  const expected = score(candidates, captions);
  expect(expected).toMatchObject({
    images: 2,
    candidates: 2,
    referencesPerImage: { min: 1, mean: 1.5, max: 2 },
  });
  expect(expected.CIDEr).toBeGreaterThan(0);
  const coco = {
    images: [{ id: 1 }, { id: 2 }],
    annotations: [
      { id: 7, image_id: 2, caption: 'Two dogs run.' },
      { id: 8, image_id: 1, caption: 'A cat sits.' },
      { id: 9, image_id: 1, caption: 'A cat on a mat.' },
    ],
  };
  const karpathy = {
    images: [
      { cocoid: 1, imgid: 0, sentences: [{ raw: 'A cat sits.' }, { raw: 'A cat on a mat.' }] },
      { imgid: 2, sentences: [{ raw: 'Two dogs run.' }] },
    ],
  };
  const spice = Object.entries(captions).map(([id, refs]) => ({ image_id: Number(id), refs }));
  for (const references of [coco, { annotations: coco.annotations }, karpathy, spice]) {
    expect(score(candidates, references)).toEqual(expected);
  }
  expect(score({ 1: 'a cat on a mat', 2: 'dogs' }, captions)).toEqual(expected);
});

test('a subset leaves out the pictures without a candidate', () => {
  const one = candidates.slice(0, 1);
  expect(fault(() => score(one, captions))).toMatch(/^1 of 2 pictures have no candidate caption: 2\./);
  expect(score(one, captions, { subset: true })).toMatchObject({ images: 1, candidates: 1 });
});

test('with a subset, what a file has beside it never stands in the way', () => {
  const one = candidates.slice(0, 1);
  const wanted = score(one, captions, { subset: true });
  const odd = { image_id: 5, caption: null };
  const forms = [
    {
      images: [{ id: 1 }, { id: 4 }, { id: 5 }],
      annotations: [...captions['1'].map((caption) => ({ image_id: 1, caption })), odd],
    },
    { annotations: [odd, ...captions['1'].map((caption) => ({ image_id: 1, caption }))] },
    { ...captions, 4: [], 5: null },
    [{ image_id: 1, refs: captions['1'] }, { image_id: 4, refs: [] }, { image_id: 5 }],
    {
      images: [
        { cocoid: 4, sentences: [] },
        { cocoid: 5 },
        { cocoid: 1, sentences: captions['1'].map((raw) => ({ raw })) },
      ],
    },
  ];
  for (const form of forms) expect(score(one, form, { subset: true })).toEqual(wanted);
  const four = [...one, { image_id: 4, caption: 'x' }];
  for (const form of forms) {
    expect(fault(() => score(four, form, { subset: true }))).toMatch(
      /picture 4 has no caption|do not have: 4\./,
    );
  }
});

test('ids above 2^53 are kept to the last digit, in every form and in messages', () => {
  const [one, two] = ['9876543210987654321', '9876543210987654323'];
  const text = (json: string) => ({ file: 'r.json', json: parseJson(json) });
  const refs = '["a cat sits", "a cat on a mat"]';
  const forms = [
    `{"images": [{"id": ${one}}, {"id": ${two}}], "annotations": [
      {"image_id": ${one}, "caption": "a cat sits"}, {"image_id": ${two}, "caption": "two dogs"}]}`,
    `{"images": [{"cocoid": ${one}, "sentences": [{"raw": "a cat"}]}, {"imgid": ${two}, "sentences": [{"raw": "b"}]}]}`,
    `[{"image_id": ${one}, "refs": ${refs}}, {"image_id": ${two}, "refs": ${refs}}]`,
    `{"${one}": ${refs}, "${two}": ${refs}}`,
  ];
  for (const form of forms) {
    expect([...readReferences(text(form)).keys()].sort()).toEqual([one, two]);
    const other = text(`[{"image_id": 9876543210987654322, "caption": "x"}]`);
    expect(fault(() => pairCaptions(readCandidates(other), readReferences(text(form))))).toMatch(
      /the references do not have: 9876543210987654322\./,
    );
  }
  expect(fault(() => readCandidates(text(`[{"image_id": 1, "caption": ${one}}]`)))).toMatch(
    /\[0\]\.caption is 9876543210987654321, not a caption/,
  );
});

test('an empty candidate is scored, not left out', () => {
  const result = score({ 1: '', 2: 'two dogs run' }, captions);
  expect(result).toMatchObject({ images: 2, candidates: 2 });
});

test.each<[string, unknown, unknown, RegExp]>([
  [
    'unknown picture',
    [...candidates, { image_id: 3, caption: 'x' }],
    captions,
    /1 candidate of pictures .*: 3\./,
  ],
  [
    'second candidate',
    [...candidates, { image_id: '1', caption: 'x' }],
    captions,
    /c\.json: \[2\]\.image_id names picture 1 a second time, after \[0\]/,
  ],
  ['no caption', [{ image_id: 1 }], captions, /c\.json: \[0\]\.caption is missing, not a caption/],
  ['caption a number', { 1: 5 }, captions, /c\.json: \["1"\] is 5, not a caption/],
  ['no id', [{ caption: 'x' }], captions, /c\.json: \[0\]\.image_id is missing/],
  ['entry not an object', ['x'], captions, /c\.json: \[0\] is "x", not an object/],
  ['candidates empty', [], captions, /c\.json: holds no candidate/],
  ['candidates a string', 'x', captions, /c\.json: the document is "x"/],
  ['references null', candidates, null, /r\.json: the document is null/],
  ['references empty', candidates, {}, /r\.json: holds no reference/],
  ['an empty list', candidates, { 1: [], 2: ['x'] }, /r\.json: picture 1 has no caption/],
  ['a list with a number', candidates, { 1: ['x', 4], 2: ['x'] }, /r\.json: \["1"\]\[1\] is 4/],
  ['refs missing', candidates, [{ image_id: 1 }], /r\.json: \[0\]\.refs is missing, not a list/],
  [
    'refs twice',
    candidates,
    [
      { image_id: 1, refs: ['x'] },
      { image_id: '1', refs: ['y'] },
    ],
    /r\.json: \[1\]\.image_id names picture 1 a second time/,
  ],
  ['no annotations', candidates, { images: [{ id: 1 }] }, /r\.json: annotations is missing/],
  [
    'picture without annotation',
    candidates,
    { images: [{ id: 1 }], annotations: [] },
    /r\.json: picture 1 has no caption/,
  ],
  [
    'annotation of no picture',
    candidates,
    { images: [{ id: 1 }], annotations: [{ image_id: 9, caption: 'x' }] },
    /r\.json: picture 1 has no caption/,
  ],
  [
    'sentence without raw',
    candidates,
    { images: [{ cocoid: 1, sentences: [{}] }] },
    /r\.json: images\[0\]\.sentences \(raw\)\[0\] is missing/,
  ],
])('refused with file, entry and field: %s', (_, candidateJson, referenceJson, message) => {
  expect(fault(() => score(candidateJson, referenceJson))).toMatch(message);
});

test('any JSON is scored or refused with an EimError', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
      for (const run of [
        () => score(left, captions),
        () => score(candidates, right),
        () => score(left, right),
      ]) {
        try {
          expect(Number.isFinite(run().CIDEr)).toBe(true);
        } catch (error) {
          if (!EimError.isInstance(error)) throw error;
        }
      }
    }),
  );
});

test('the benchmark loads references and scores captions in their order', () => {
  const bytes = new TextEncoder().encode(JSON.stringify(captions));
  const items = cocoCaptionBenchmark.load(new Map([['refs.json', bytes]]));
  expect(items.map(({ id }) => id)).toEqual(['1', '2']);
  const { Bleu_1, CIDEr } = score(candidates, captions);
  const predictions = ['a cat on a mat', cocoCaptionBenchmark.parse(' dogs\n', items[1]!)];
  expect(cocoCaptionBenchmark.aggregate(predictions, items)).toMatchObject({ Bleu_1, CIDEr });
  expect(fault(() => cocoCaptionBenchmark.aggregate(['x'], items))).toMatch(/1 captions were given for 2/);
  expect(fault(() => cocoCaptionBenchmark.load(new Map([['bad.json', bytes.subarray(0, 9)]])))).toMatch(
    /bad\.json: the JSON ends in the middle, at line 1/,
  );
});
