import { EimError } from '@eim/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCaptions } from './parse-captions.js';

const faultsOf = (content: unknown, file: string): unknown => {
  try {
    parseCaptions(typeof content === 'string' ? content : JSON.stringify(content), file);
  } catch (error) {
    if (EimError.isInstance(error)) return error.data.faults ?? error.message;
  }
  return 'no mistake';
};

test("reads COCO's layout", () => {
  const coco = {
    images: [
      { id: 7, file_name: 'a.jpg', split: 'train' },
      { id: 'x', file_name: 'b/c.jpg', split: 'val' },
      { id: 9, file_name: 'd.jpg', split: 'val' },
    ],
    annotations: [
      { id: 1, image_id: 'x', caption: ' A bus. \n' },
      { id: 2, image_id: 7, caption: 'A cat.' },
      { id: 3, image_id: 7, caption: ' ' },
      { id: 4, image_id: 7, caption: 'The cat.' },
    ],
  };
  expect(parseCaptions(`\ufeff${JSON.stringify(coco)}`, 'captions.json')).toEqual({
    records: [
      {
        id: '7',
        picture: 'a.jpg',
        prompt: '',
        answers: ['A cat.', 'The cat.'],
        split: 'train',
        entry: 'images[0].file_name',
      },
      {
        id: 'x',
        picture: 'b/c.jpg',
        prompt: '',
        answers: ['A bus.'],
        split: 'val',
        entry: 'images[1].file_name',
      },
    ],
    notes: [
      '1 empty captions left out, the first at annotations[2]',
      '1 pictures without captions left out, the first at images[2].file_name',
    ],
  });
});

test('names every mistake of a COCO file at once', () => {
  const coco = {
    images: [
      { id: 1, file_name: 'a.jpg' },
      { id: 1, file_name: '' },
      { id: 1.5, file_name: 3 },
      { file_name: 'b.jpg', split: 4 },
      null,
    ],
    annotations: [
      { image_id: 2, caption: 'x' },
      { image_id: 1 },
      { image_id: 1, caption: ['x'] },
      'x',
      { caption: 'x' },
    ],
  };
  expect(faultsOf(coco, 'captions.json')).toEqual([
    'images[1].file_name is empty',
    "images[1].id 1 is another picture's id too",
    'images[2].id is 1.5, neither a whole number nor text',
    'images[2].file_name is 3, not text',
    'images[3].id is missing',
    'images[3].split is 4, not text',
    'images[4] is null, not an object',
    "annotations[0].image_id 2 is no picture's id",
    'annotations[1].caption is missing',
    'annotations[2].caption is ["x"], not text',
    'annotations[3] is "x", not an object',
    'annotations[4].image_id is missing',
  ]);
  expect(faultsOf({}, 'c.json')).toEqual(['images is missing', 'annotations is missing']);
  expect(faultsOf([], 'c.json')).toEqual(['the file is [], not an object']);
  expect(faultsOf('{"images": [', 'data/c.json')).toMatch(
    /^data\/c\.json: the JSON ends in the middle, at line 1/,
  );
});

test('shows twenty mistakes and counts the rest', () => {
  const images = Array.from({ length: 30 }, () => ({ file_name: 'a.jpg' }));
  const read = () => parseCaptions(JSON.stringify({ images, annotations: [] }), 'c.json');
  expect(read).toThrow(
    /^c\.json has 30 mistakes: images\[0\]\.id is missing; .*images\[19\]\.id is missing; and 10 more\.$/,
  );
});

test("reads Karpathy's layout", () => {
  const images = [
    {
      filepath: 'val2014',
      filename: 'a.jpg',
      cocoid: 5,
      imgid: 0,
      split: 'restval',
      sentences: [{ raw: 'A dog. ' }],
    },
    { filename: 'b.jpg', imgid: 1, split: 'test', sentences: [{ raw: 'A cat.' }, { raw: '' }] },
  ];
  expect(parseCaptions(JSON.stringify({ dataset: 'coco', images }), 'dataset_coco.json')).toEqual({
    records: [
      {
        id: '5',
        picture: 'val2014/a.jpg',
        prompt: '',
        answers: ['A dog.'],
        split: 'restval',
        entry: 'images[0].filename',
      },
      {
        id: '1',
        picture: 'b.jpg',
        prompt: '',
        answers: ['A cat.'],
        split: 'test',
        entry: 'images[1].filename',
      },
    ],
    notes: ['1 empty captions left out, the first at images[1].sentences[1]'],
  });
  const wrong = [
    { ...images[0], split: undefined, sentences: [{ raw: 3 }, 4] },
    { ...images[0], sentences: 'x' },
  ];
  expect(faultsOf({ images: wrong }, 'dataset.json')).toEqual([
    'images[0].split is missing',
    'images[0].sentences[0].raw is 3, not text',
    'images[0].sentences[1] is 4, not an object',
    'images[1].sentences is "x", not a list',
  ]);
});

test('reads CSV with quotes, and groups the lines of a picture', () => {
  const csv =
    'image,caption,split\r\na.jpg,"A dog, ""Rex"",\nruns.",train\r\nb.jpg,A cat.,val\n\na.jpg,Two dogs.,train';
  expect(parseCaptions(csv, 'x.csv').records).toEqual([
    {
      id: 'a.jpg',
      picture: 'a.jpg',
      prompt: '',
      answers: ['A dog, "Rex",\nruns.', 'Two dogs.'],
      split: 'train',
      entry: 'line 2, image',
    },
    { id: 'b.jpg', picture: 'b.jpg', prompt: '', answers: ['A cat.'], split: 'val', entry: 'line 4, image' },
  ]);
  expect(faultsOf('a,b\n', 'x.csv')).toEqual(['line 1 does not name the columns `image` and `caption`']);
  expect(
    faultsOf('image,caption,split\na.jpg,x,train\na.jpg,y,val\nb.jpg,x,y,z\n,x,train\nc.jpg,"x', 'x.csv'),
  ).toEqual([
    'line 3, split puts a.jpg into "val", an earlier line into "train"',
    'line 4 has 4 fields instead of 3; put captions that hold commas into quotes',
    'line 5, image is empty',
    'line 6 opens a quote that is never closed',
  ]);
});

test('reads JSON lines with one caption or several', () => {
  const lines = [
    '{"image":"a.jpg","caption":"A dog."}',
    '',
    '{"image":"a.jpg","captions":["Two.","",3]}',
    '{"image":',
    '3',
  ];
  expect(parseCaptions(lines.slice(0, 2).join('\n'), 'x.jsonl').records).toEqual([
    { id: 'a.jpg', picture: 'a.jpg', prompt: '', answers: ['A dog.'], entry: 'line 1, image' },
  ]);
  expect(faultsOf(lines.join('\n'), 'x.jsonl')).toEqual([
    'line 3, captions is 3, not text',
    expect.stringMatching(/^line 4 is not valid JSON/),
    'line 5 is 3, not an object',
  ]);
});

test('any text is read, or refused with an EimError', () => {
  const files = fc.constantFrom('a.json', 'a.csv', 'a.jsonl');
  const field = fc.constantFrom(
    'images',
    'annotations',
    'sentences',
    'id',
    'image_id',
    'caption',
    'image',
    'split',
  );
  const tree = fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: 'small' },
      fc.jsonValue(),
      fc.array(tie('node')),
      fc.dictionary(field, tie('node')),
    ),
  })).node;
  const text = fc.oneof(
    fc.string(),
    tree.map((value) => JSON.stringify(value)),
    fc.string().map((rest) => `image,caption\n${rest}`),
  );
  fc.assert(
    fc.property(text, files, (content, file) => {
      try {
        parseCaptions(content, file);
      } catch (error) {
        if (!EimError.isInstance(error)) throw error;
      }
    }),
    { numRuns: 500 },
  );
});

test('CSV written by the rules is read back', () => {
  const value = fc.string().filter((text) => text.trim() === text && text !== '');
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), (captions) => {
      const quoted = captions.map((caption) => `a.jpg,"${caption.replaceAll('"', '""')}"`);
      expect(parseCaptions(`image,caption\n${quoted.join('\n')}`, 'a.csv').records[0]!.answers).toEqual(
        captions,
      );
    }),
  );
});
