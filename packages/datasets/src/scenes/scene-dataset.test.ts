import { createHash } from 'node:crypto';
import { EimError } from '@eim/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSceneDataset } from './scene-dataset.js';
import { COLOURS, SHAPE_NAMES, SHAPES } from './scene-words.js';

const data = createSceneDataset();
const captionsOf = (split: string) => data.split(split).flatMap(({ answers }) => answers);
const wordOf = (name: string) => SHAPES.find((shape) => SHAPE_NAMES[shape].includes(name))!;
const names = Object.values(SHAPE_NAMES).flat().join('|');
/** The colour and shape pairs that sentences name. */
const pairsIn = (captions: readonly string[]) =>
  new Set(
    captions.flatMap((caption) =>
      [...caption.matchAll(new RegExp(`(${COLOURS.join('|')}) (${names})`, 'g'))].map(
        ([, colour, name]) => `${colour} ${wordOf(name!)}`,
      ),
    ),
  );

test('the same seed gives the same pictures and captions, another seed others', async () => {
  const hash = async (seed: number) => {
    const hash = createHash('sha1');
    for (const { picture, answers } of createSceneDataset({ seed, train: 20, val: 5, test: 5 }).split(
      'train',
    )) {
      hash.update((await picture!.load()).data).update(JSON.stringify(answers));
    }
    return hash.digest('hex');
  };
  expect(await hash(1)).toBe(await hash(1));
  expect(await hash(1)).not.toBe(await hash(2));
});

test('a scene does not depend on how many others are asked for', () => {
  const few = createSceneDataset({ train: 3, val: 0, test: 1 });
  expect(few.splits).toEqual(['train', 'test']);
  expect(few.split('train').map(({ answers }) => answers)).toEqual(
    data
      .split('train')
      .slice(0, 3)
      .map(({ answers }) => answers),
  );
});

test('has the promised sizes, five captions each, and no scene twice', async () => {
  expect(data.splits.map((split) => data.split(split).length)).toEqual([1500, 150, 200]);
  const all = data.splits.flatMap((split) => data.split(split));
  expect(all.every(({ answers }) => answers.length === 5)).toBe(true);
  expect(new Set(all.map(({ picture }) => picture!.fingerprint)).size).toBe(1850);
  expect(await data.split('val')[0]!.picture!.load()).toMatchObject({ width: 32, height: 32 });
});

test('no sentence of training or validation names a held-out colour and shape, and test sentences do', () => {
  const heldOut = data.notes[1]!.match(/[a-z]+ (circle|square|triangle|cross|ring|star)(?=,)/g)!;
  const pairs = COLOURS.map((colour) => heldOut.find((pair) => pair.startsWith(`${colour} `))!);
  expect(pairs.every((pair) => pair !== undefined)).toBe(true);
  const known = pairsIn([...captionsOf('train'), ...captionsOf('val')]);
  expect(pairs.filter((pair) => known.has(pair))).toEqual([]);
  expect(known.size).toBe(COLOURS.length * SHAPES.length - pairs.length);
  expect(pairs.filter((pair) => pairsIn(captionsOf('test')).has(pair))).toEqual(pairs);
});

test('test scenes of seen combinations are other scenes, drawn as those of training', () => {
  const seen = createSceneDataset({ testCombinations: 'seen' });
  for (const split of ['train', 'val']) {
    expect(seen.split(split).map(({ answers }) => answers)).toEqual(
      data.split(split).map(({ answers }) => answers),
    );
  }
  const known = pairsIn(captionsOf('train'));
  const shown = pairsIn(seen.split('test').flatMap(({ answers }) => answers));
  expect([...shown].filter((pair) => !known.has(pair))).toEqual([]);
  expect(seen.notes[1]).toMatch(/^no scene holds: /);
  const names = seen.splits.flatMap((split) => seen.split(split)).map(({ picture }) => picture!.fingerprint);
  expect(new Set(names).size).toBe(1850);
});

test('a caption names every object of its picture, in its own colour', () => {
  for (const split of data.splits) {
    for (const { answers } of data.split(split)) {
      const [first, ...others] = answers.map((caption) => [...pairsIn([caption])].sort().join());
      for (const other of others) expect(other).toBe(first);
    }
  }
});

test('sentences are put as people put them', () => {
  for (const caption of captionsOf('test')) {
    expect(caption).toMatch(/^(A|An|There|The|One|Three) [a-z, ]+\.$/);
    expect(caption).not.toMatch(/\ba [aeiou]|\ban [^aeiou]| {2}/);
  }
  // Varied, so that a model is held to the picture rather than to one wording.
  const distinct = data.split('train').map(({ answers }) => new Set(answers).size);
  expect(distinct.reduce((sum, count) => sum + count, 0) / distinct.length).toBeGreaterThan(3.5);
});

test('the difficulty sets what occurs', () => {
  const easy = createSceneDataset({
    train: 80,
    val: 0,
    test: 20,
    difficulty: { objects: [1, 1], colours: 3, shapes: 3 },
  });
  const text = [...easy.split('train'), ...easy.split('test')].flatMap(({ answers }) => answers).join(' ');
  expect(text).not.toMatch(/yellow|cross|left of|inside/);
  expect(text).toMatch(/red/);
});

test('every difficulty allowed can be drawn', async () => {
  const number = (min: number, max: number) => fc.integer({ min, max });
  const objects = fc.tuple(number(1, 3), number(1, 3)).filter(([fewest, most]) => fewest <= most);
  const difficulty = fc.record({
    objects,
    colours: number(3, 8),
    shapes: number(3, 6),
    noise: fc.constant(0.1),
  });
  await fc.assert(
    fc.asyncProperty(difficulty, number(0, 99), number(16, 48), async (difficulty, seed, imageSize) => {
      const small = createSceneDataset({ seed, imageSize, train: 4, val: 2, test: 4, difficulty });
      const picture = await small.split('test')[3]!.picture!.load();
      expect(picture.data).toHaveLength(imageSize * imageSize * 3);
    }),
    { numRuns: 60 },
  );
});

test('all wrong options are named at once', () => {
  const wrong = { train: 0, colour: 3, difficulty: { objects: [3, 1], noise: 2 } };
  const make = () => createSceneDataset(wrong as never);
  expect(make).toThrow(EimError);
  expect(make).toThrow(/train: .*difficulty\.noise: .*"colour"/);
});

test('an unknown split is refused with those there are', () => {
  expect(() => data.split('dev')).toThrow(/scenes has no split "dev"\. It has: train, val, test/);
});
